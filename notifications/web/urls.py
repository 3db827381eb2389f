"""The addresses of mail, reminders, and what needs a person."""

from __future__ import annotations

from django.urls import path

from notifications.web import attention, hooks, outbox, reminders

app_name = "notifications"

urlpatterns = [
    path("outbox/", outbox.show, name="outbox"),
    path("outbox/<int:pk>/", outbox.message, name="message"),
    path("outbox/<int:pk>/html/", outbox.html, name="message-html"),
    path("needs-attention/", attention.show, name="attention"),
    path("needs-attention/<int:pk>/send-again/", attention.send_again, name="send-again"),
    path("needs-attention/<int:pk>/settled/", attention.settle, name="settle"),
    path("hooks/mail/<slug:provider>/", hooks.mail, name="mail-hook"),
    path("reminders/", reminders.show, name="reminders"),
    path("reminders/read/", reminders.read, name="read-reminders"),
]
