"""The addresses of signing in."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account import views as accounts
from django.http import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from config.signing_in import doors, files, single, steps, strangers


def _page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    return path(route, doors.counted(view), name=name)


def _costly(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    return _page(route, strangers.counted(view, name), name)


urlpatterns = [
    _page("login/", doors.SignIn.as_view(), "account_login"),
    _page("logout/", accounts.logout, "account_logout"),
    _page("signup/", accounts.signup, "account_signup"),  # says that it is by invitation
    _page("inactive/", accounts.account_inactive, "account_inactive"),
    _page("reauthenticate/", doors.SayItAgain.as_view(), "account_reauthenticate"),
    path("file/", files.begin, name="account_file"),
    _page("password/change/", doors.ChangePassword.as_view(), "account_change_password"),
    _page("password/set/", accounts.password_set, "account_set_password"),
    _page("password/reset/", accounts.password_reset, "account_reset_password"),
    _page("password/reset/done/", accounts.password_reset_done, "account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        doors.counted(accounts.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    _page(
        "password/reset/key/done/",
        accounts.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    _costly("sso/<slug:provider_id>/", single.begin, "openid_connect_login"),
    _page("sso/<slug:provider_id>/back/", single.come_back, "openid_connect_callback"),
    _page("sso-stopped/", accounts.login, "socialaccount_login_cancelled"),
    _page("step/", steps.Authenticate.as_view(), "mfa_authenticate"),
    _costly("step/passkey/", steps.SignInByPasskey.as_view(), "mfa_login_webauthn"),
    _page("step/again/", steps.ByCode.as_view(), "mfa_reauthenticate"),
    _page("step/again/passkey/", steps.ByPasskey.as_view(), "mfa_reauthenticate_webauthn"),
    _page("steps/", RedirectView.as_view(pattern_name="web:signing_in"), "mfa_index"),
    _page("steps/app/", steps.AddApp.as_view(), "mfa_activate_totp"),
    _page("steps/app/remove/", steps.RemoveApp.as_view(), "mfa_deactivate_totp"),
    _page("steps/codes/", steps.Codes.as_view(), "mfa_view_recovery_codes"),
    _page("steps/codes/new/", steps.NewCodes.as_view(), "mfa_generate_recovery_codes"),
    _page("steps/passkeys/", steps.AddPasskey.as_view(), "mfa_add_webauthn"),
    _page("steps/passkeys/<int:pk>/remove/", steps.RemovePasskey.as_view(), "mfa_remove_webauthn"),
]
