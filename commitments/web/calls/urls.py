"""The addresses of the call list."""

from __future__ import annotations

from django.urls import path

from . import call_list

urlpatterns = [path("", call_list.show, name="calls")]
