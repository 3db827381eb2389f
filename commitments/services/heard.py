"""What customers say themselves, on their own page.

Each of these stands on the promise's timeline and is told to whoever owns it. None of them moves a
time: that is agreed between people. A word of theirs waits for one of ours until somebody answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from commitments import lengths, messages
from commitments.errors import CommitmentError
from commitments.messages import stopping
from commitments.models import (
    Attachment,
    Commitment,
    Conversation,
    Event,
    EventKind,
)
from commitments.rules import words
from commitments.rules.lifecycle import IllegalMoveError, Status

from . import closing, talking
from .meeting import held_customer
from .work import Work, begin, hold

_LONGEST = 4000


@dataclass(frozen=True, kw_only=True)
class SentAlong:
    """A file that came with a reply, its type by content: `rules.file_types` has checked it."""

    name: str
    media_type: str
    content: bytes


@transaction.atomic
def reply(
    commitment_id: int, *, words: str, sent_along: SentAlong | None = None, now: datetime
) -> Commitment:
    """They add something or ask. Where we were waiting for them, the work goes on."""
    said = _said(words, required=sent_along is None)
    work = begin(commitment_id, "hear", by=None, now=now)
    was_waiting = work.commitment.is_waiting
    event = _record_asked(work, EventKind.CUSTOMER_WROTE, said)
    _tell_owner(work, event, said or "A file, without words.")
    if sent_along is not None:
        Attachment.objects.keep(
            event,
            name=sent_along.name,
            media_type=sent_along.media_type,
            parts=[sent_along.content],
            at=now,
        )
    if was_waiting:
        return talking.resume(commitment_id, by=None, now=now)
    return work.commitment


@transaction.atomic
def ask_other_time(
    commitment_id: int, *, wanted_at: datetime | None, words: str = "", now: datetime
) -> Commitment:
    """The time does not suit them. What does is told to the owner, who agrees a new one, or not."""
    said = _said(words, required=wanted_at is None)
    work = begin(commitment_id, "other_time", by=None, now=now)
    event = _record_asked(work, EventKind.OTHER_TIME_ASKED, said, wanted_at=wanted_at)
    first = work.commitment.customer.first_name
    _tell_owner(work, event, f"The time does not suit {first}. {said}".strip())
    return work.commitment


@transaction.atomic
def confirm(commitment_id: int, *, now: datetime) -> Commitment:
    """That is what was agreed. Good to know; nobody has to do anything."""
    work = begin(commitment_id, "confirm", by=None, now=now)
    work.record(EventKind.CONFIRMED)
    return work.commitment


@transaction.atomic
def dispute(commitment_id: int, *, words: str, now: datetime) -> Commitment:
    """Something is off: disputed at once, and until somebody has answered."""
    said = _said(words)
    work = begin(commitment_id, "dispute", by=None, now=now)
    work.commitment.disputed_at = work.commitment.disputed_at or now
    event = _record_asked(work, EventKind.DISPUTED, said)
    work.tell_staff(messages.staff.Template.CUSTOMER_DISPUTES, event, words=said)
    messages.reminders.wake([work.commitment], now=now)
    return work.commitment


@transaction.atomic
def need_no_more(commitment_id: int, *, words: str = "", now: datetime) -> Commitment:
    """They no longer need it. For two weeks they can say so if they do after all."""
    said = _said(words, required=False)
    before = Commitment.objects.select_related("customer").get(pk=commitment_id)
    told = f"{before.customer.first_name} no longer needs this."
    commitment = closing.release(commitment_id, by=None, reason=said or told, now=now)
    work = hold(commitment.pk, by=None, now=now)
    event = commitment.events.filter(kind=EventKind.RELEASED).order_by("sequence").last()
    if event is not None:
        _tell_owner(work, event, f"{told} {said}".strip())
    return commitment


@transaction.atomic
def need_after_all(commitment_id: int, *, now: datetime) -> Commitment:
    """What they let go of themselves is wanted again: the same promise is open again."""
    commitment = Commitment.objects.select_related("customer").get(pk=commitment_id)
    if not may_take_back_release(commitment, now=now):
        raise IllegalMoveError("This can no longer be taken back here.")
    told = f"{commitment.customer.first_name} needs this after all."
    return closing.reopen(commitment_id, by=None, reason=told, now=now)


def may_take_back_release(commitment: Commitment, *, now: datetime) -> bool:
    """Only what the customer closed themselves, and not long ago."""
    closed_at = commitment.closed_at
    if commitment.status != Status.RELEASED or closed_at is None:
        return False
    if now - closed_at > lengths.current().release_taken_back_within:
        return False
    ended = commitment.events.filter(kind=EventKind.RELEASED).order_by("sequence").last()
    return ended is not None and ended.actor_id is None


@transaction.atomic
def not_done(commitment_id: int, *, words: str, now: datetime) -> Commitment:
    """What we called done is not: the same promise is open again, and they hear by when."""
    said = _said(words)
    before = Commitment.objects.get(pk=commitment_id)
    if before.status != Status.FULFILLED:
        raise IllegalMoveError("This promise is not marked as done.")
    commitment = closing.reopen(commitment_id, by=None, reason=said, now=now)
    work = hold(commitment.pk, by=None, now=now)
    event = commitment.events.filter(kind=EventKind.REOPENED).order_by("sequence").last()
    if event is not None:
        template = messages.customer.Template.STILL_OPEN
        work.tell_customer(template, event, words=said, at_once=True)
    return commitment


@transaction.atomic
def stop_mails(conversation: Conversation, *, now: datetime) -> None:
    """No more e-mails to this customer: from now on, whoever owes them something calls.

    Said twice, it is said once. Their page keeps working.
    """
    promises = conversation.commitments.exclude(status=Status.VOID).order_by("pk")
    open_now = list(promises.live().values_list("pk", flat=True))
    newest = list(promises.order_by("-pk").values_list("pk", flat=True)[:1])
    told = [hold(pk, by=None, now=now) for pk in open_now or newest]
    customer = held_customer(conversation.customer_id)
    if customer.has_stopped(now) and not customer.wants_what_matters:
        return
    customer.stopped_at = now
    customer.save(update_fields=["stopped_at"])
    for work in told:
        event = work.record(EventKind.MAILS_STOPPED)
        first = work.commitment.customer.first_name
        _tell_owner(work, event, f"{first} wants no more e-mails. Please call from now on.")
    stopping.withdraw(customer, now=now)


def _record_asked(
    work: Work, kind: EventKind, said: str, *, wanted_at: datetime | None = None
) -> Event:
    """A word that waits for one of ours, by when it should have one."""
    work.commitment.customer_asked_at = work.now
    named = {"answer_by": answer_due(work), "wanted_at": wanted_at}
    facts: dict[str, Any] = {name: at.isoformat() for name, at in named.items() if at}  # Any: JSON
    return work.record(kind, words=said, **facts)


def answer_due(work: Work) -> datetime | None:
    """By when we answer; None where the team's calendar never opens."""
    try:
        return work.terms.hours.add(work.now, lengths.current().still_open_within)
    except CommitmentError:
        return None


def _tell_owner(work: Work, event: Event, said: str) -> None:
    work.tell_staff(messages.staff.Template.CUSTOMER_WROTE, event, words=said)
    messages.reminders.wake([work.commitment], now=work.now)


def _said(text: str, *, required: bool = True) -> str:
    what = "What you write"
    return words.clean(text, what=what, limit=_LONGEST, required=required, lines=True)
