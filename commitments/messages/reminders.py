"""What the bell holds for somebody: what asks for them now, what they put off, what they have seen.

A reminder that was put off, or that somebody set for themselves, comes back at its time or when the
customer writes, whichever is first. Nothing runs for that: it is a question of when one looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from commitments.errors import CommitmentError
from commitments.models import Commitment, User
from commitments.rules import reference, words
from notifications import outbox

from .naming import id_in

Items = QuerySet[Any]  # Any: the inbox's rows, of which this room knows only what they are asked

OWN = "own"
"""What somebody set for themselves: no message, so it has no template."""

_LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One message in somebody's inbox; `reference` is the promise it is about, or empty.

    `template` says what it is: `messages.staff.Template`, or OWN. `until` is when it comes back.
    """

    pk: int
    title: str
    words: str
    reference: str
    template: str
    at: datetime
    until: datetime | None = None
    url: str = ""


def unread_of(user: User, *, now: datetime) -> QuerySet[Any]:  # Any: a model of notifications
    """What this person has not seen yet, without what is put off; for a count with others."""
    return user.inbox.shown(now).unread()


def latest_unread(user: User, *, now: datetime, most: int = 3) -> list[Reminder]:
    """The newest of them."""
    return _read(_newest(user.inbox.shown(now).unread())[:most])


def put_off(user: User, *, now: datetime, most: int = 50) -> list[Reminder]:
    """What comes back later, the next on top."""
    return _read(_whole(user.inbox.put_off(now)).order_by("show_at", "pk")[:most])


def seen(user: User, *, now: datetime, most: int = 50) -> list[Reminder]:
    """The last that were seen."""
    return _read(_newest(user.inbox.shown(now).filter(read_at__isnull=False))[:most])


def mark_seen(user: User, *, pk: int | None = None, now: datetime) -> int:
    """One of them, or all that are there to be seen. Answers how many were news."""
    there = user.inbox.shown(now).unread()
    if pk is not None:
        there = there.filter(pk=pk)
    return there.update(read_at=now)


def find(user: User, pk: int) -> Reminder | None:
    """One of this person's own; None for anybody else's."""
    return next(iter(_read(_whole(user.inbox.filter(pk=pk)))), None)


def show_later(user: User, pk: int, *, at: datetime, now: datetime) -> None:
    """Put it off; when it comes back it is new again. Raises CommitmentError."""
    _check(at, now=now)
    if not user.inbox.filter(pk=pk).update(show_at=at, read_at=None):
        raise CommitmentError("This reminder is gone.")


def remind_me(
    commitment: Commitment, *, user: User, at: datetime, note: str, now: datetime
) -> None:
    """A reminder for this person alone, at a time of their own. Raises CommitmentError."""
    said = words.clean(note, what="The note", limit=_LONGEST, required=False, lines=True)
    _check(at, now=now)
    user.inbox.create(
        about=commitment.about,
        title=f"You asked to be reminded: {commitment.wording}, for {commitment.customer.name}",
        words=said,
        created_at=now,
        show_at=at,
    )


def wake(promises: Iterable[Commitment], *, now: datetime) -> int:
    """The customer has written: what was put off about these promises is shown now."""
    return outbox.wake([promise.about for promise in promises], now=now)


def _check(at: datetime, *, now: datetime) -> None:
    if at <= now:
        raise CommitmentError("That time has passed. Give a later one.", field="when")


def _whole(items: Items) -> Items:
    return items.select_related("delivery")


def _newest(items: Items) -> Items:
    """The newest on top, or those that have just come back."""
    return _whole(items).order_by(Coalesce("show_at", "created_at").desc(), "-pk")


def _read(items: Items) -> list[Reminder]:
    return [
        Reminder(
            pk=item.pk,
            title=item.title,
            words=item.words,
            reference=_reference(item.about),
            template=item.delivery.template if item.delivery else OWN,
            at=item.show_at or item.created_at,
            until=item.show_at,
            url=str(item.delivery.context.get("url", "")) if item.delivery else "",
        )
        for item in items
    ]


def _reference(about: str) -> str:
    pk = id_in(about, "commitment")
    return reference.write(pk) if pk is not None else ""
