"""Secrets at rest: sealed with a key that follows from SECRET_KEY, so that a copy of the database
alone opens nothing.

After SECRET_KEY was changed, what the old one sealed opens for as long as the old one stands in
SECRET_KEY_FALLBACKS. What is sealed anew takes the new key.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"followthrough: secrets at rest"


class CannotOpen(Exception):
    """No key that we know opens this: SECRET_KEY was changed, and the old one is not given."""


def seal(secret: str) -> str:
    """What may lie in the database instead of the secret. Never the same twice."""
    return _locks().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises CannotOpen."""
    try:
        return _locks().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen(
            "This secret was sealed with a key we no longer have. Name the old SECRET_KEY in"
            " SECRET_KEY_FALLBACKS, or enter the secret anew."
        ) from error


def _locks() -> MultiFernet:
    return _locks_of(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@cache
def _locks_of(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    # HKDF needs no salt here: the key is long and random, and the purpose keeps it apart.
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return urlsafe_b64encode(derivation.derive(key.encode()))
