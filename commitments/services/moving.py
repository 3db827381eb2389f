"""A promise gets a new time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from commitments import lengths, messages
from commitments.errors import CommitmentError
from commitments.models import Commitment, Event, EventKind, User
from commitments.rules import calling, due_time, steps, words

from .work import Work, begin, stop_waiting


class Told(StrEnum):
    """Whether and how the customer learns of the new time."""

    MESSAGE = "message"
    PHONE = "phone"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class NewTime:
    """A due time as it was agreed: in which words, how worked out, and not before when."""

    due_at: datetime
    said: str = ""
    steps: steps.Chain = ()
    window_start: datetime | None = None


@transaction.atomic
def move(
    commitment_id: int,
    *,
    by: User,
    due_at: datetime,
    reason: str,
    told: Told,
    now: datetime,
    due_said: str = "",
    due_steps: steps.Chain = (),
    window_start: datetime | None = None,
) -> Commitment:
    """Agree a new time. The first due time stays; an old one the customer was not told about in
    time counts against us for good. A promise that was waiting on the customer goes on.
    `due_steps` say how `due_at` was worked out; a window belongs to one due time and goes with it.
    """
    why = words.clean(reason, what="The reason", limit=4000, lines=True)
    said = words.clean(due_said, what="The time", limit=200, required=False)
    work = begin(commitment_id, "move", by=by, now=now)
    new = NewTime(due_at=due_at, said=said, steps=due_steps, window_start=window_start)
    set_time(work, new, why=why, told=told)
    return work.commitment


def set_time(
    work: Work,
    new: NewTime,
    *,
    why: str,
    told: Told,
    **extra: Any,  # JSON facts for the event
) -> Event:
    """Put the new time in force, and tell whoever is to know of it."""
    commitment, now = work.commitment, work.now
    _check(new, commitment, now=now)
    stop_waiting(work)
    old_due_at = commitment.due_at
    if new.due_at == old_due_at:
        raise CommitmentError("It is due at that time already. Give another.", field="due_at")
    commitment.due_at, commitment.due_said = new.due_at, new.said
    commitment.window_start = new.window_start
    commitment.explain_due(new.steps, since=now)
    _judge_told(commitment, old_due_at, told=told, now=now)
    if told is not Told.NO:
        work.owe_an_update()
    work.revise()
    is_told = told is not Told.NO
    event = work.record(EventKind.MOVED, words=why, visible=is_told, told=told.value, **extra)
    messages.withdraw_staff(commitment, reason="moved to a new time", now=now)
    _withdraw_older_times(commitment, event, now=now)
    if told is Told.MESSAGE:
        _write_to_customer(work, event, why, old_due_at=old_due_at)
    return event


def _check(new: NewTime, commitment: Commitment, *, now: datetime) -> None:
    due_time.check_due(
        new.due_at,
        promised_at=commitment.promised_at,
        now=now,
        by_hand=True,
        zone=commitment.due_zone,
    )
    calling.check_window(new.window_start, due_at=new.due_at)


def _withdraw_older_times(commitment: Commitment, event: Event, *, now: datetime) -> None:
    """A time that has been overtaken before it went out is not announced any more."""
    older = commitment.events.filter(kind=EventKind.MOVED).exclude(pk=event.pk)
    if pks := list(older.values_list("pk", flat=True)):
        messages.withdraw_event(commitment, pks, reason="moved to a new time", now=now)


def _judge_told(commitment: Commitment, old_due_at: datetime, *, told: Told, now: datetime) -> None:
    """Until a message about it is accepted, the old due time is one the customer waits for."""
    if told is Told.PHONE:
        commitment.told_at = now
        if commitment.untold_due_at is not None and now < commitment.untold_due_at:
            commitment.untold_due_at = None
        if now < old_due_at:
            return
    if commitment.untold_due_at is None:
        commitment.untold_due_at = old_due_at


def _write_to_customer(work: Work, event: Event, why: str, *, old_due_at: datetime) -> None:
    """Before the old time: a new time. After it: we missed it, and are sorry."""
    templates = messages.customer.Template
    left = old_due_at - work.now
    work.tell_customer(
        templates.NEW_TIME if left.total_seconds() > 0 else templates.SLIP,
        event,
        words=why,
        old_due_at=old_due_at,
        at_once=left < lengths.current().skip_undo_within,
    )
