"""The addresses of what each person sets for themselves."""

from __future__ import annotations

from django.urls import path

from . import keys, mailed, profile

urlpatterns = [
    path("me/", profile.show, name="me"),
    path("me/reports/", mailed.show, name="mailed"),
    path("me/reports/new/", mailed.subscribe, name="mail_report"),
    path("me/reports/<int:pk>/stop/", mailed.stop, name="stop_mailed"),
    path("help/keys/", keys.show, name="keys"),
]
