"""The addresses of incident reviews."""

from __future__ import annotations

from django.urls import path

from . import decide, edit, one, promises, review_list

urlpatterns = [
    path("", review_list.show, name="reviews"),
    path("new/", edit.begin, name="new_review"),
    path("<int:pk>/", one.show, name="review"),
    path("<int:pk>/edit/", edit.change, name="edit_review"),
    path("<int:pk>/promises/", promises.add, name="review_promises"),
    path("<int:pk>/promises/<str:ref>/leave-out/", promises.leave_out, name="leave_out"),
    path("<int:pk>/decide/", decide.show, name="decide"),
]
