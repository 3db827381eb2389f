"""The addresses of reminders."""

from __future__ import annotations

from django.urls import path

from . import reminders

urlpatterns = [
    path("", reminders.show, name="reminders"),
    path("read/", reminders.read, name="read_reminders"),
    path("<int:pk>/seen/", reminders.seen, name="seen_reminder"),
    path("<int:pk>/later/", reminders.later, name="reminder_later"),
]
