"""The addresses of the customer pages."""

from __future__ import annotations

from django.urls import path, re_path

from . import calendar_file, check_in, deeds, doors, logo, status, stopping
from .deed_forms import FORMS

app_name = "public"

urlpatterns = [
    path("logo/<slug:mark>.<slug:kind>", logo.show, name="logo"),
    path("<str:token>/", status.show, name="status"),
    path("<str:token>/check-in/", check_in.show, name="check_in"),
    path("<str:token>/thanks/", check_in.thanks, name="thanks"),
    *(path(f"<str:token>/{deed}/", deeds.show, {"deed": deed}, name=deed) for deed in FORMS),
    path("<str:token>/stop/", stopping.show, name="stop"),
    path("<str:token>/calendar.ics", calendar_file.download, name="calendar"),
    re_path(r"^(?:.*/)?$", doors.nothing_here),
]
