"""The addresses of the call list."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
