"""The addresses of the team board."""

from __future__ import annotations

from django.urls import path

from . import asking, board

urlpatterns = [
    path("", board.show, name="team"),
    path("ask/", asking.show, name="ask_owners"),
]
