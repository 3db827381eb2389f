"""The addresses of what each person sets for themselves."""

from __future__ import annotations

from django.urls import path

from . import keys, mailed, profile, services, tokens

urlpatterns = [
    path("me/", profile.show, name="me"),
    path("me/reports/", mailed.show, name="mailed"),
    path("me/reports/new/", mailed.subscribe, name="mail_report"),
    path("me/reports/<int:pk>/stop/", mailed.stop, name="stop_mailed"),
    path("me/tokens/", tokens.show, name="tokens"),
    path("me/tokens/new/", tokens.new, name="new_token"),
    path("me/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("me/tokens/feeds/new/", tokens.new_feed, name="new_feed"),
    path("me/tokens/feeds/<int:pk>/revoke/", tokens.revoke_feed, name="revoke_feed"),
    path("me/tokens/services/new/", services.new, name="new_service"),
    path("me/tokens/services/<int:pk>/", services.show, name="service"),
    path("me/tokens/services/<int:pk>/token/", services.new_token, name="service_token"),
    path("me/tokens/services/<int:pk>/switch/", services.switch, name="switch_service"),
    path("help/keys/", keys.show, name="keys"),
]
