"""The addresses of mail, reminders, and what needs a person."""

from __future__ import annotations

from django.urls import path

from notifications.web import attention, channels, hooks, outbox, ways

app_name = "notifications"

urlpatterns = [
    path("outbox/", outbox.show, name="outbox"),
    path("outbox/<int:pk>/", outbox.message, name="message"),
    path("outbox/<int:pk>/html/", outbox.html, name="message-html"),
    path("needs-attention/", attention.show, name="attention"),
    path("needs-attention/<int:pk>/send-again/", attention.send_again, name="send-again"),
    path("needs-attention/<int:pk>/settled/", attention.settle, name="settle"),
    path("settings/channels/", channels.show, name="channels"),
    path("settings/channels/test-mail/", channels.test_mail, name="test-mail"),
    path("hooks/mail/<slug:provider>/", hooks.mail, name="mail-hook"),
    path("me/messages/", ways.show, name="ways"),
    path("me/messages/digest/", ways.digest, name="digest"),
    path("me/messages/<slug:channel>/", ways.wish, name="wish"),
    path("me/messages/<slug:channel>/address/", ways.give_address, name="give-address"),
    path("me/messages/<slug:channel>/code/", ways.prove, name="prove"),
    path("me/messages/<slug:channel>/forget/", ways.give_up, name="give-up"),
]
