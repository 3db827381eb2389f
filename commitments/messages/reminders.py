"""What the bell holds for somebody: the latest few, and how many are unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commitments.models import User
from commitments.rules import reference


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One message in somebody's inbox; `reference` is the promise it is about, or empty."""

    title: str
    words: str
    reference: str
    at: datetime


def unread(user: User) -> int:
    """How many this person has not seen yet."""
    return user.inbox.filter(read_at__isnull=True).count()


def latest_unread(user: User, *, most: int = 3) -> list[Reminder]:
    """The newest of them."""
    items = user.inbox.filter(read_at__isnull=True).order_by("-created_at", "-pk")[:most]
    return [
        Reminder(
            title=item.title,
            words=item.words,
            reference=_reference(item.about),
            at=item.created_at,
        )
        for item in items
    ]


def _reference(about: str) -> str:
    what, _, pk = about.partition(":")
    return reference.write(int(pk)) if what == "commitment" else ""
