"""Every address of the house."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from commitments.api import docs
from commitments.web.doors import signed_in
from config import health, metrics
from config.signing_in import admin_door

handler500 = "config.request_ids.broken"
handler429 = "config.signing_in.doors.too_often"
admin_door.close()

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.show, name="metrics"),
    path("accounts/", include("config.signing_in.urls")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("api/schema/", docs.Schema.as_view(), name="api_schema"),
    path("api/docs/", signed_in(docs.Docs.as_view()), name="api_docs"),
    path("api/v1/", include("commitments.api.urls")),
    path("hooks/helpdesks/", include("commitments.api.hooks")),
    path("c/", include("commitments.public.urls")),
    path("", include("notifications.web.urls")),
    path("", include("commitments.web.urls")),
]
