"""Events into words and recipients; the only door to notifications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from django.db.models import Exists, Q

from commitments.models import CheckIn, Commitment, Event
from notifications import outbox
from notifications.envelope import Message

from . import acting, customer, programs, reminders, staff, standing_in
from .customer import Unreachable, check_in_path, link_version, status_path
from .naming import ids_in
from .roster import FALLBACK, Roster
from .subject import subject

Kind: TypeAlias = outbox.Kind
Gone: TypeAlias = outbox.Gone
kinds_forgotten, let_go, at_once = outbox.kinds_forgotten, outbox.let_go, outbox.at_once

__all__ = [
    "FALLBACK",
    "Gone",
    "Kind",
    "Message",
    "Roster",
    "Unreachable",
    "acting",
    "at_once",
    "check_in_path",
    "count_needing_attention",
    "customer",
    "hurry",
    "ids_in",
    "kinds_forgotten",
    "let_go",
    "link_version",
    "programs",
    "reminders",
    "restore",
    "send",
    "some_need_attention",
    "staff",
    "standing_in",
    "status_path",
    "subject",
    "withdraw_all",
    "withdraw_event",
    "withdraw_from",
    "withdraw_from_owners",
    "withdraw_question",
    "withdraw_staff",
]


def count_needing_attention(theirs: Q, *, most: int) -> int:
    """How many messages wait for a person, of those that fit, as far as it is counted."""
    return outbox.count_needing_attention(theirs, most=most)


def some_need_attention() -> Exists:
    """Within a query of others': whether any message waits for a person."""
    return outbox.some_need_attention()


def send(messages: Iterable[Message], *, now: datetime, hurry: bool = True) -> int:
    """Into the outbox, within the caller's transaction."""
    return outbox.enqueue(list(messages), now=now, hurry=hurry)


def hurry() -> None:
    """What was sent without hurry, batch after batch, may go now."""
    outbox.hurry()


def withdraw_all(commitment: Commitment, *, reason: str, now: datetime) -> int:
    """The promise closed: nothing more to colleagues about it, and no words overtaken by it."""
    return outbox.withdraw(about=[commitment.about], reason=reason, now=now)


def withdraw_staff(commitment: Commitment, *, reason: str, now: datetime) -> int:
    """The deadline changed: nags about the old one die."""
    return outbox.withdraw(about=[commitment.about], audience="staff", reason=reason, now=now)


def withdraw_from(commitment: Commitment, *, person_id: int, reason: str, now: datetime) -> int:
    """The promise changed hands: the old owner is not reminded of it any more."""
    return outbox.withdraw(
        about=[commitment.about], person_id=person_id, audience="staff", reason=reason, now=now
    )


def withdraw_from_owners(
    handed: Sequence[tuple[Commitment, int]], *, reason: str, now: datetime
) -> int:
    """The same for many promises at once, each with who had it."""
    pairs = [(commitment.about, person_id) for commitment, person_id in handed]
    return outbox.withdraw_pairs(pairs, reason=reason, now=now)


def withdraw_question(check_in: CheckIn, *, reason: str, now: datetime) -> int:
    """One of its promises is open again: a check-in that has not gone out is not asked."""
    return outbox.withdraw(about=[check_in.about], audience="customer", reason=reason, now=now)


def withdraw_event(
    commitment: Commitment, event_ids: Sequence[int], *, reason: str, now: datetime
) -> int:
    """What was said was taken back."""
    about = [commitment.about]
    return outbox.withdraw(about=about, event_ids=event_ids, reason=reason, now=now)


def restore(event: Event, *, now: datetime) -> int:
    """This event was taken back: what it had withdrawn goes out after all."""
    return outbox.restore(
        about=[event.commitment.about],
        withdrawn_at=event.recorded_at,
        except_event=event.pk,
        now=now,
    )
