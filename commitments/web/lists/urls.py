"""The addresses of all promises, their saved views and the pages of customers."""

from __future__ import annotations

from django.urls import path

from commitments.web import customer_page, merging, personal_data, write_again

from . import all_promises, export, hand_over, saved_views

urlpatterns = [
    path("promises/", all_promises.show, name="promises"),
    path("promises/export/", export.show, name="export"),
    path("promises/hand-over/", hand_over.show, name="hand_over_many"),
    path("promises/views/", saved_views.show, name="views"),
    path("promises/views/<int:pk>/", saved_views.open_view, name="open_view"),
    path("promises/views/<int:pk>/rename/", saved_views.rename, name="rename_view"),
    path("promises/views/<int:pk>/delete/", saved_views.delete, name="delete_view"),
    path("customers/<int:pk>/", customer_page.show, name="customer"),
    path("customers/<int:pk>/write-again/", write_again.show, name="write_again"),
    path("customers/<int:pk>/merge/", merging.show, name="merge_customer"),
    path("customers/<int:pk>/personal-data/", personal_data.show, name="personal_data"),
    path(
        "customers/<int:pk>/personal-data/<str:kind>/",
        personal_data.download,
        name="personal_data_file",
    ),
]
