"""Every address of the house."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from commitments.api import docs
from commitments.web.doors import signed_in
from config import health, metrics

handler500 = "config.request_ids.broken"
handler429 = "config.signing_in.doors.too_often"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.show, name="metrics"),
    path("accounts/", include("config.signing_in.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", docs.Schema.as_view(), name="api_schema"),
    path("api/docs/", signed_in(docs.Docs.as_view()), name="api_docs"),
    path("api/v1/", include("commitments.api.urls")),
    path("hooks/helpdesks/", include("commitments.api.hooks")),
    path("c/", include("commitments.public.urls")),
    path("", include("notifications.web.urls")),
    path("", include("commitments.web.urls")),
]
