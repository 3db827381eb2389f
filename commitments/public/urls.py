"""The addresses of the customer pages."""

from __future__ import annotations

from django.urls import path, re_path

from . import check_in, doors, status

app_name = "public"

urlpatterns = [
    path("<str:token>/", status.show, name="status"),
    path("<str:token>/check-in/", check_in.show, name="check_in"),
    path("<str:token>/thanks/", check_in.thanks, name="thanks"),
    re_path(r"^(?:.*/)?$", doors.nothing_here),
]
