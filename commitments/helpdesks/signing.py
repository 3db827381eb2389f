"""Whether a webhook was signed with a secret that we share, and lately; compared in constant time.

SHA-1 is what two of the systems sign with. As an HMAC it still proves who wrote (RFC 6194, section
3.3): nobody has ever forged one.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Literal

from .adapter import Unsigned

_REPLAY_WINDOW: Final = timedelta(minutes=5)  # on either side, for clocks that differ

Digest = Literal["sha1", "sha256"]


def in_base64(message: bytes, secret: str, digest: Digest) -> str:
    return b64encode(hmac.digest(secret.encode(), message, digest)).decode()


def in_hex(message: bytes, secret: str, digest: Digest) -> str:
    """With the name of the digest before it, as in `sha1=…`."""
    return f"{digest}={hmac.digest(secret.encode(), message, digest).hex()}"


def check(signature: str, right: Iterable[str]) -> None:
    """Raises Unsigned unless it is one of the right ones; each of them is compared."""
    given = signature.strip().encode("utf-8", "replace")
    if not sum(hmac.compare_digest(given, each.encode()) for each in right):
        raise Unsigned("This is not signed with the secret of this help desk.")


def check_is_recent(signed_at: datetime | None, *, now: datetime) -> None:
    """Raises Unsigned for what was signed too long ago, or is dated tomorrow."""
    if signed_at is None:
        raise Unsigned("This does not say when it was signed.")
    if abs(now - signed_at) > _REPLAY_WINDOW:
        raise Unsigned("This was signed more than five minutes ago. Check the clocks.")
