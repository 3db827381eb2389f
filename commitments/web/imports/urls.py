"""The addresses of files of promises; below those of promises, before their references."""

from __future__ import annotations

from django.urls import path

from . import one, uploads

urlpatterns = [
    path("", uploads.show, name="imports"),
    path("<int:pk>/", one.show, name="import"),
    path("<int:pk>/left-out.csv", one.left_out, name="import_left_out"),
]
