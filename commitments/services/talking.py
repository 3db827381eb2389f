"""A promise is spoken about: to the customer, and among colleagues."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments import lengths, messages
from commitments.models import Commitment, EventKind, User
from commitments.rules import lifecycle, words

from .work import Work, begin, stop_waiting

_LONGEST = 4000


@transaction.atomic
def update(
    commitment_id: int, *, by: User, words: str, tell_customer: bool, now: datetime
) -> Commitment:
    """A word about how it stands: to the customer, or for the team only."""
    said = _said(words, what="The update")
    work = begin(commitment_id, "update", by=by, now=now)
    if tell_customer:
        work.owe_an_update()
    event = work.record(
        EventKind.UPDATED,
        words=said,
        visible=tell_customer,
        audience="customer" if tell_customer else "team",
    )
    if tell_customer:
        work.tell_customer(messages.customer.Template.PROGRESS, event, words=said)
    return work.commitment


@transaction.atomic
def wait(commitment_id: int, *, by: User, what: str, now: datetime) -> Commitment:
    """Ask the customer for something; the ladder rests from the moment asked."""
    asked = words.clean(what, what="What you need", limit=500, lines=True)
    work = begin(commitment_id, "wait", by=by, now=now)
    lifecycle.check_may_wait(due_at=work.commitment.due_at, now=now)
    work.commitment.waiting_since, work.commitment.waiting_for = now, asked
    event = work.record(EventKind.WAITED, words=asked, visible=True)
    messages.withdraw_staff(work.commitment, reason="waiting on the customer", now=now)
    work.tell_customer(messages.customer.Template.NEED, event, words=asked)
    return work.commitment


@transaction.atomic
def resume(commitment_id: int, *, by: User | None, now: datetime, note: str = "") -> Commitment:
    """The customer answered: the due time moves out by the working time waited."""
    said = words.clean(note, what="The note", limit=_LONGEST, required=False, lines=True)
    work = begin(commitment_id, "resume", by=by, now=now)
    _ask_no_more(work)
    asked_at = work.commitment.customer_asked_at
    stop_waiting(work)
    if by is None:  # what they wrote is to be read all the same
        work.commitment.customer_asked_at = asked_at
    work.revise()
    work.record(EventKind.RESUMED, words=said)
    if by is None:
        messages.reminders.wake([work.commitment], now=now)
    return work.commitment


@transaction.atomic
def acknowledge(commitment_id: int, *, by: User, now: datetime) -> Commitment:
    """ "I have it": the climb pauses for a set working time, then asks again."""
    work = begin(commitment_id, "acknowledge", by=by, now=now)
    lifecycle.check_may_acknowledge(due_at=work.commitment.due_at, now=now)
    pause = lengths.current().acknowledge_for
    work.commitment.acknowledged_by = by
    work.commitment.acknowledged_until = work.terms.hours.add(now, pause)
    work.record(EventKind.ACKNOWLEDGED)
    return work.commitment


@transaction.atomic
def help(  # noqa: A001 - read as services.help
    commitment_id: int, *, by: User, reason: str, tell_customer: str = "", now: datetime
) -> Commitment:
    """Ask the lead for a hand, before or after the time has passed; the ladder does not move.

    Where the lead is away or asks, whoever comes next is asked.
    """
    why = _said(reason, what="The reason")
    line = words.clean(
        tell_customer, what="The line to the customer", limit=_LONGEST, required=False, lines=True
    )
    work = begin(commitment_id, "help", by=by, now=now)
    event = work.record(EventKind.HELP_ASKED, words=why)
    work.ask_for_a_hand(event, words=why)
    if line:
        work.owe_an_update()
        told = work.record(EventKind.UPDATED, words=line, visible=True, audience="customer")
        work.tell_customer(messages.customer.Template.PROGRESS, told, words=line)
    return work.commitment


def _ask_no_more(work: Work) -> None:
    """What still asks the customer, or the owner what to do without an answer, is too late."""
    asking = work.commitment.events.asking(since=work.commitment.waiting_since)
    pks = list(asking.values_list("pk", flat=True))
    messages.withdraw_event(work.commitment, pks, reason="the customer answered", now=work.now)


def _said(text: str, *, what: str) -> str:
    return words.clean(text, what=what, limit=_LONGEST, lines=True)
