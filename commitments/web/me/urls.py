"""The addresses of what each person sets for themselves."""

from __future__ import annotations

from django.urls import path

from . import keys, profile

urlpatterns = [
    path("me/", profile.show, name="me"),
    path("help/keys/", keys.show, name="keys"),
]
