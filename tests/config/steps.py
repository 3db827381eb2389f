"""People with a second step, and the codes of their apps, for tests."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.test import Client

from commitments.models import User

PASSWORD = "larkfield-demo"
SIGN_IN, STEP = "/accounts/login/", "/accounts/step/"


def an_app_of(user: User, secret: str = "") -> str:
    """Set one up without the pages; its secret."""
    secret = secret or auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    return secret


def codes_of(user: User) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()


def code(secret: str, *, late: int = 0) -> str:
    """What the app shows now, or showed so many half minutes ago."""
    number = int(time.time()) // 30 - late
    return auth.format_hotp_value(auth.hotp_value(secret, number))


def by_password(user: User, client: Client | None = None) -> Client:
    """Whoever has a second step stands before it then."""
    client = client or Client()
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/signing-in/").status_code == 200


def step(client: Client, said: str) -> Any:
    return client.post(STEP, {"code": said})


def steps_of(user: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
