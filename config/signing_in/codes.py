"""A code of an authenticator app or to recover with is good for once, wherever it is entered.

An app's code is that of half a minute. We keep the number of the last half minute that was used,
and take no code of it or of one before it: not at another door, nor in another process.
"""

from __future__ import annotations

import time
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.db import transaction

from commitments.house import account_log
from commitments.models import User
from notifications.sealing import CannotOpen

_USED: Final = "used_upto"


class _OnceForm:
    """Takes the place of allauth's own check, which remembers codes in the cache."""

    user: User
    cleaned_data: dict[str, str]
    authenticator: Authenticator

    def clean_code(self) -> str:
        tried = counted(self.user)
        code = self.cleaned_data["code"]
        found = taken(self.user, code)
        if found is None:
            account_log.note("second step failed", user_id=self.user.pk)
            raise get_adapter(context.request).validation_error("incorrect_code")
        found.user = self.user
        self.authenticator = found
        tried.rollback()
        return code


class AuthenticateForm(_OnceForm, base.AuthenticateForm):  # type: ignore[misc]  # untyped
    pass


class ReauthenticateForm(_OnceForm, base.ReauthenticateForm):  # type: ignore[misc]  # untyped
    pass


def counted(user: User) -> ratelimit.RateLimitUsage:
    """A try at somebody's second step, to be rolled back when it was right; raises where there were
    too many. allauth itself would forget all tries then, those of others from that address, too.
    """
    key = f"mfa-auth-user-{user.pk}"
    request = context.request
    tried = ratelimit.consume(request, app="allauth.account", action="login_failed", key=key)
    if tried is None:
        raise get_adapter(request).validation_error("too_many_login_attempts")
    return tried


@transaction.atomic
def taken(user: User, code: str) -> Authenticator | None:
    """What this code is of, and never again; None where it is wrong or was used."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    theirs = Authenticator.objects.filter(user=user, type__in=kinds).order_by("pk")
    for each in theirs.select_for_update():
        try:
            is_app = each.type == Authenticator.Type.TOTP
            if _take(each, code) if is_app else each.wrap().validate_code(code):
                return each
        except CannotOpen:
            account_log.note("second step cannot be opened: SECRET_KEY changed", user_id=user.pk)
    return None


def note_used(user: User, code: str) -> None:
    """The code with which somebody set their app up lets nobody in."""
    taken(user, code)


def _take(app: Authenticator, code: str) -> bool:
    secret, used = decrypt(app.data["secret"]), int(app.data.get(_USED, 0))
    now = int(time.time()) // app_settings.TOTP_PERIOD
    for number in range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1):
        expected = auth.format_hotp_value(auth.hotp_value(secret, number))
        if number > used and compare_user_code(actual=code, expected=expected):
            app.data[_USED] = number
            app.save(update_fields=["data"])
            return True
    return False
