"""The addresses of what each person sets for themselves."""

from __future__ import annotations

from django.urls import path

from . import keys, mailed, profile, services, signing_in, tokens

urlpatterns = [
    path("me/", profile.show, name="me"),
    path("me/signing-in/", signing_in.show, name="signing_in"),
    path("me/signing-in/sessions/end/", signing_in.end_others, name="end_other_sessions"),
    path("me/signing-in/sessions/<slug:mark>/end/", signing_in.end, name="end_session"),
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
