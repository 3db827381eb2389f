"""The question goes out when its time has come, or by hand; or it is held, or dropped."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from commitments import lengths, messages
from commitments.errors import CommitmentError
from commitments.models import CheckIn, Commitment, Event, EventKind, User, figures
from commitments.models.checkin import State
from commitments.rules import saying, wall_clock
from commitments.services.work import begin

from . import telling
from .holding import STALE, Obstacle, Why, hold, note, obstacle

logger = logging.getLogger(__name__)


def run(now: datetime) -> int:
    """See to every check-in whose time has come; answers how many were sent, held or dropped."""
    seen_to = 0
    ends = time.monotonic() + lengths.current().round.total_seconds()
    for pk in list(CheckIn.objects.due(now).order_by("send_at").values_list("pk", flat=True)):
        try:
            seen_to += _see_to(pk, now=now)
        except CommitmentError:
            # Such as a calendar that never opens. Every check-in behind it would wait.
            logger.exception("Check-in %s raised and is put off.", pk)
            later = now + lengths.current().put_off
            CheckIn.objects.due(now).filter(pk=pk).update(send_at=later)
        if time.monotonic() > ends:
            break
    return seen_to


@transaction.atomic
def _see_to(pk: int, *, now: datetime) -> int:
    check_in, commitments = hold(pk, skip_locked=True)
    if check_in is None or check_in.send_at is None or check_in.send_at > now:
        return 0  # another round has it, or it has been put off meanwhile
    if not commitments:
        check_in.drop("nothing left to ask about")
        return 1
    meant_at, morning = check_in.send_at, _next_morning(commitments[-1], now=now)
    held_by = obstacle(check_in.customer_id, now=now)
    if _is_a_colleagues(check_in, held_by, meant_at=meant_at, now=now):
        lines = _keep_holding(check_in, commitments, STALE, morning, now=now)
        telling.ask_owners(lines, meant_at=meant_at, now=now)
    elif held_by is not None:
        reason, again_at = held_by.why.value, held_by.until or morning
        _keep_holding(check_in, commitments, reason, again_at, now=now)
    else:
        _send(check_in, commitments, meant_at=meant_at, now=now)
    return 1


def _is_a_colleagues(
    check_in: CheckIn, held_by: Obstacle | None, *, meant_at: datetime, now: datetime
) -> bool:
    """Whether it is late because of us: once a colleague was asked, it does not go by itself."""
    if check_in.hold_reason == STALE:
        return True
    return held_by is None and now - meant_at > lengths.current().check_in_stale_after


def _next_morning(commitment: Commitment, *, now: datetime) -> datetime:
    """When its team opens on the next working day: then it is looked at again."""
    hours = commitment.team.calendar.hours()
    return hours.next_open(wall_clock.midnight_after(now, ZoneInfo(hours.zone)))


def _keep_holding(
    check_in: CheckIn,
    commitments: list[Commitment],
    reason: str,
    look_again_at: datetime,
    *,
    now: datetime,
) -> list[Event]:
    """Answers the lines that say so, where it is news."""
    at_most = lengths.current().hold_at_most
    if now - check_in.planned_at >= at_most:
        long = saying.say_gap(at_most)
        _drop(check_in, commitments, f"held for {long}: {reason}", now=now)
        return []
    is_news = check_in.hold_reason != reason
    lines = note(commitments, EventKind.CHECK_IN_HELD, reason, now=now) if is_news else []
    check_in.state, check_in.hold_reason = State.HELD, reason
    check_in.send_at = look_again_at
    check_in.save()
    return lines


def _send(
    check_in: CheckIn, commitments: list[Commitment], *, meant_at: datetime, now: datetime
) -> None:
    said = messages.customer.check_in(check_in, not_before=now, meant_at=meant_at, now=now)
    if isinstance(said, messages.Unreachable):
        _drop(check_in, commitments, said.reason, now=now)
        return
    _mark_sent(check_in, commitments, now=now)
    messages.send([said], now=now)


def _mark_sent(check_in: CheckIn, commitments: list[Commitment], *, now: datetime) -> None:
    check_in.state, check_in.hold_reason = State.SENT, ""
    check_in.send_at, check_in.sent_at = None, now
    check_in.save()
    check_in.count()
    figures.note_now(commitments, now=now)


def _drop(check_in: CheckIn, commitments: list[Commitment], reason: str, *, now: datetime) -> None:
    check_in.drop(reason)
    note(commitments, EventKind.CHECK_IN_DROPPED, reason, now=now)


@transaction.atomic
def send_by_hand(commitment_id: int, *, by: User, now: datetime) -> Commitment:
    """A colleague asks now, rather than on its day: with all that is planned for this customer.

    Raises CommitmentError with the reason where the question would be held, was asked before, or
    reaches nobody; then it stays planned as it was.
    """
    _hold_what_is_planned_beside(commitment_id)
    work = begin(commitment_id, "check_in", by=by, now=now)
    commitment = work.commitment
    no = refusal(commitment, zone=by.zone, now=now)
    if no:
        raise CommitmentError(no)
    check_in = CheckIn.objects.plan_for(commitment, send_at=now, now=now)
    after_undo = now + lengths.current().undo
    said = messages.customer.check_in(check_in, not_before=after_undo, now=now)
    if isinstance(said, messages.Unreachable):
        raise CommitmentError(said.reason)
    _mark_sent(check_in, check_in.commitments(), now=now)
    work.record(EventKind.CHECK_IN_PLANNED, by_hand=True)
    messages.send([said], now=now)
    return commitment


def _hold_what_is_planned_beside(commitment_id: int) -> None:
    """In the order in which everybody holds promises: they all go into the one question."""
    of_customer = Commitment.objects.filter(pk=commitment_id).values("customer")
    planned = CheckIn.objects.pending().filter(customer__in=of_customer)
    meant = Commitment.objects.filter(check_in_items__check_in__in=planned).values("pk")
    held = Commitment.objects.filter(Q(pk=commitment_id) | Q(pk__in=meant)).held()
    list(held.order_by("promised_at", "pk"))


def refusal(commitment: Commitment, *, zone: str, now: datetime) -> str:
    """Why this customer cannot be asked by hand now, as a sentence; or nothing."""
    customer = commitment.customer
    if CheckIn.objects.asked_about(commitment):
        return f"{customer.first_name} has been asked about this promise already."
    held_by = obstacle(customer.pk, now=now)
    if held_by is not None:
        return _said_of(held_by, customer.first_name, zone=zone, now=now)
    nowhere = messages.customer.unreachable(customer, messages.customer.Template.CHECK_IN, now=now)
    return nowhere.reason if nowhere else ""


def _said_of(held_by: Obstacle, first: str, *, zone: str, now: datetime) -> str:
    match held_by.why:
        case Why.OWED:
            return (
                f"Not yet: another promise to {first} is still open. "
                "The question goes out by itself some days after that one is closed."
            )
        case Why.DISPUTED:
            return f"Not yet: {first} says that something is off. Answer that first."
        case Why.UNANSWERED:
            return f"Not yet: {first} wrote to us and waits for an answer. Answer that first."
        case Why.JUST_ASKED:
            again = saying.say_time_inside(held_by.until or now, zone=zone, now=now)
            return f"{first} was asked only a few days ago. You can ask again {again}."
