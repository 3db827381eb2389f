"""The addresses of the reports, each with its export."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import path
from django.views.generic import RedirectView

from . import accepting, causes, kept, overdue, ratings, workload

first = RedirectView.as_view(
    pattern_name="web:overdue", query_string=True, http_method_names=["get", "head"]
)

urlpatterns = [
    path("", login_required(first), name="reports"),
    path("overdue/", overdue.show, name="overdue"),
    path("overdue.csv", overdue.csv, name="overdue_csv"),
    path("overdue.xlsx", overdue.xlsx, name="overdue_xlsx"),
    path("kept/", kept.show, name="kept"),
    path("kept.csv", kept.csv, name="kept_csv"),
    path("ratings/", ratings.show, name="ratings"),
    path("ratings.csv", ratings.csv, name="ratings_csv"),
    path("workload/", workload.show, name="workload"),
    path("workload.csv", workload.csv, name="workload_csv"),
    path("workload/move/", accepting.accept, name="workload_move"),
    path("causes/", causes.show, name="causes"),
    path("causes.csv", causes.csv, name="causes_csv"),
]
