"""The addresses of what each person sets for themselves."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
