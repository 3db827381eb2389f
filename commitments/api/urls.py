"""The addresses below /api/v1/."""

from __future__ import annotations

from django.urls import path, re_path

from . import commitments, doors

app_name = "api"

urlpatterns = [
    path("commitments/", commitments.Commitments.as_view(), name="commitments"),
    path("commitments/<str:reference>/", commitments.OneCommitment.as_view(), name="commitment"),
    path("commitments/<str:reference>/fulfil/", commitments.Fulfil.as_view(), name="fulfil"),
    re_path("", doors.Nowhere.as_view()),
]
