"""Every address of the house."""

from __future__ import annotations

from allauth.account import views as accounts
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path

from commitments.api import docs
from commitments.web.doors import signed_in
from config import health, metrics

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

account_pages = [
    path("login/", accounts.login, name="account_login"),
    path("logout/", accounts.logout, name="account_logout"),
    path("signup/", accounts.signup, name="account_signup"),  # says that it is by invitation
    path("inactive/", accounts.account_inactive, name="account_inactive"),
    path("reauthenticate/", accounts.reauthenticate, name="account_reauthenticate"),
    path("password/change/", accounts.password_change, name="account_change_password"),
    path("password/set/", accounts.password_set, name="account_set_password"),
    path("password/reset/", accounts.password_reset, name="account_reset_password"),
    path("password/reset/done/", accounts.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        accounts.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        accounts.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.show, name="metrics"),
    path("accounts/", include(account_pages)),
    path("admin/", admin.site.urls),
    path("api/schema/", docs.Schema.as_view(), name="api_schema"),
    path("api/docs/", signed_in(docs.Docs.as_view()), name="api_docs"),
    path("api/v1/", include("commitments.api.urls")),
    path("hooks/helpdesks/", include("commitments.api.hooks")),
    path("c/", include("commitments.public.urls")),
    path("", include("notifications.web.urls")),
    path("", include("commitments.web.urls")),
]
