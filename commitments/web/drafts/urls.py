"""The addresses of drafts."""

from __future__ import annotations

from django.urls import path

from . import pages

urlpatterns = [
    path("", pages.show, name="drafts"),
    path("<int:pk>/", pages.one, name="draft"),
    path("<int:pk>/dismiss/", pages.dismiss, name="dismiss_draft"),
]
