"""Sign and read links: of customers to their pages, and of colleagues from their chats to a deed.

Nothing is stored: the door compares the version with its rows.

One salt per purpose, so that a link for one page opens no other. A token is its subject, the
version of the rows it was made from, and its expiry; raising a row's `link_version` revokes every
link to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.core import signing


class Purpose(StrEnum):
    STATUS = "status"
    CHECK_IN = "check_in"
    CHAT = "chat"


LASTS = {
    Purpose.STATUS: timedelta(days=90),
    Purpose.CHECK_IN: timedelta(days=30),
    Purpose.CHAT: timedelta(hours=24),  # as long as a staff message may wait
}


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a token says. `subject` is the id of a conversation, a check-in or a promise."""

    purpose: Purpose
    subject: int
    version: str
    expires_at: datetime


def write(*, purpose: Purpose, subject: int, version: str, now: datetime) -> str:
    """A token that opens one page until its purpose's time is over."""
    expires_at = now + LASTS[purpose]
    return signing.dumps([subject, version, int(expires_at.timestamp())], salt=_salt(purpose))


def read(token: str, *, purpose: Purpose, now: datetime) -> Link | None:
    """What a token says, or None where it is forged, garbled or out of date."""
    if len(token) > 300:
        return None
    try:
        subject, version, expires = signing.loads(token, salt=_salt(purpose))
    except (signing.BadSignature, ValueError):
        return None
    expires_at = datetime.fromtimestamp(expires, UTC)
    if expires_at <= now or expires_at > now + LASTS[purpose] + timedelta(minutes=5):
        return None
    return Link(purpose=purpose, subject=subject, version=version, expires_at=expires_at)


def _salt(purpose: Purpose) -> str:
    return f"commitments.links.{purpose}"
