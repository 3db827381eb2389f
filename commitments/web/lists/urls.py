"""The addresses of all promises, their saved views and the pages of customers."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
