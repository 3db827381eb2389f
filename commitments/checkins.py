"""Asks some time after whether all is truly well: holds, sends, takes the answer.

Held while anything is owed to the customer or disputed; one per customer and cooldown; dropped
after thirty days of holding. Every reason stands on the timeline of the promises it would have
asked about. "Still open" makes a promise that follows up, before the page answers.
"""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from . import lengths, messages, services
from .errors import CommitmentError
from .models import (
    Channel,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Customer,
    Done,
    EventKind,
    Kind,
    Occurrence,
    Role,
)
from .models.checkin import State
from .models.commitment import CommitmentQuerySet
from .models.event import append
from .rules import words

logger = logging.getLogger(__name__)

_ORIGIN = "check_in"
_FOLLOW_UP_KIND = "followup"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a customer answered on the form. `browser_key` tells their browser from others."""

    done: str
    still_open: bool
    rating: int
    words: str = ""
    browser_key: str = ""


@dataclass(frozen=True, kw_only=True)
class Answered:
    answer: CheckInAnswer
    follow_up: Commitment | None


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
    check_in, commitments = _hold(pk, skip_locked=True)
    if check_in is None or check_in.send_at is None or check_in.send_at > now:
        return 0  # another round has it, or it has been put off meanwhile
    if not commitments:
        check_in.drop("nothing left to ask about")
        return 1
    reason, look_again_at = _hold_reason(check_in, commitments[-1], now=now)
    if reason:
        _keep_holding(check_in, commitments, reason, look_again_at, now=now)
    else:
        _send(check_in, commitments, now=now)
    return 1


def _hold(pk: int, *, skip_locked: bool) -> tuple[CheckIn | None, list[Commitment]]:
    """Hold promises, customer and check-in, in this order; none where somebody else holds one."""
    commitments = list(
        Commitment.objects.filter(check_in_items__check_in=pk)
        .held(skip_locked=skip_locked)
        .order_by("promised_at", "pk")
    )
    check_ins = CheckIn.objects.filter(pk=pk)
    customers = Customer.objects.filter(check_ins__in=check_ins)
    held = customers.select_for_update(of=("self",), skip_locked=skip_locked).first()
    check_in = (
        check_ins.select_for_update(of=("self",), skip_locked=skip_locked)
        .select_related("customer")
        .first()
    )
    if held is None or check_in is None or check_in.items.count() != len(commitments):
        return None, []
    return check_in, commitments


def _hold_reason(
    check_in: CheckIn, newest: Commitment, *, now: datetime
) -> tuple[str, datetime | None]:
    """Why it may not go now, in words, and when to look again; empty where it may."""
    hours = newest.team.calendar.hours()
    tomorrow = hours.add_days(now, 1)
    morning = hours.next_open(tomorrow.replace(hour=0, minute=0, second=0, microsecond=0))
    of_customer = Commitment.objects.filter(customer=check_in.customer_id)
    if of_customer.live().exists():
        return "another promise to this customer is still open", max(morning, now)
    if of_customer.filter(disputed_at__isnull=False).exists():
        return "the customer disputes a promise", max(morning, now)
    cooldown = lengths.current().cooldown
    last = (
        CheckIn.objects.filter(customer=check_in.customer_id, sent_at__gt=now - cooldown)
        .order_by("-sent_at")
        .first()
    )
    if last is not None and last.sent_at is not None:
        return "this customer was asked only a few days ago", last.sent_at + cooldown
    return "", None


def _keep_holding(
    check_in: CheckIn,
    commitments: list[Commitment],
    reason: str,
    look_again_at: datetime | None,
    *,
    now: datetime,
) -> None:
    if now - check_in.planned_at >= lengths.current().hold_at_most:
        _drop(check_in, commitments, f"held for 30 days: {reason}", now=now)
        return
    if check_in.hold_reason != reason:
        _note(commitments, EventKind.CHECK_IN_HELD, reason, now=now)
    check_in.state, check_in.hold_reason = State.HELD, reason
    check_in.send_at = look_again_at
    check_in.save()


def _send(check_in: CheckIn, commitments: list[Commitment], *, now: datetime) -> None:
    said = messages.customer.check_in(check_in, now=now)
    if isinstance(said, messages.Unreachable):
        _drop(check_in, commitments, said.reason, now=now)
        return
    check_in.state, check_in.hold_reason = State.SENT, ""
    check_in.send_at, check_in.sent_at = None, now
    check_in.save()
    messages.send([said], now=now)


def _drop(check_in: CheckIn, commitments: list[Commitment], reason: str, *, now: datetime) -> None:
    check_in.drop(reason)
    _note(commitments, EventKind.CHECK_IN_DROPPED, reason, now=now)


def _note(commitments: list[Commitment], kind: EventKind, said: str, *, now: datetime) -> None:
    for commitment in commitments:
        occurrence = Occurrence(kind=kind, at=now, recorded_at=now, words=said)
        append(commitment, occurrence)
        commitment.save(update_fields=["event_count", "head_hash"])


@transaction.atomic
def answer(check_in_id: int, reply: Reply, *, now: datetime) -> Answered:
    """Append what the customer said; "still open" makes a promise that follows, once per check-in.

    Raises `CommitmentError` where an answer is missing or the check-in is not open to one.
    """
    said = _checked(reply)
    check_in, commitments = _hold(check_in_id, skip_locked=False)
    if check_in is None or check_in.state not in {State.SENT, State.ANSWERED}:
        raise CommitmentError("This check-in is closed.")
    check_in.state = State.ANSWERED
    check_in.save()
    given = CheckInAnswer.objects.create(
        check_in=check_in,
        at=now,
        done=reply.done,
        still_open=reply.still_open,
        rating=reply.rating,
        words=said,
        browser_key_hash=hashlib.sha256(reply.browser_key.encode()).hexdigest(),
    )
    _note(commitments, EventKind.CHECK_IN_ANSWERED, said, now=now)
    messages.reminders.wake(commitments, now=now)
    newest = commitments[-1]
    follow_up = _follow_up(check_in, newest, said, now=now) if reply.still_open else None
    return Answered(answer=given, follow_up=follow_up)


def follow_up_of(check_in: CheckIn) -> Commitment | None:
    """What was promised because the customer said that something is still open."""
    return _follow_ups(check_in).with_everything().order_by("pk").last()


def _follow_ups(check_in: CheckIn) -> CommitmentQuerySet:
    """One, or another where it was closed and the customer said once more that it is not well."""
    own = Q(origin_key=str(check_in.pk)) | Q(origin_key__startswith=f"{check_in.pk}:")
    return Commitment.objects.filter(own, origin=_ORIGIN)


def _checked(reply: Reply) -> str:
    if reply.done not in Done.values:
        raise CommitmentError("Say whether we did what we said.", field="done")
    if not 1 <= reply.rating <= 5:
        raise CommitmentError(
            "Choose how you feel, from very unhappy to very happy.", field="rating"
        )
    return words.clean(reply.words, what="Your words", limit=4000, required=False, lines=True)


def _follow_up(check_in: CheckIn, newest: Commitment, said: str, *, now: datetime) -> Commitment:
    """A new need of the same customer, with an owner and a first due time of its own."""
    known = follow_up_of(check_in)
    if known is not None and known.is_live:
        return known
    key = f"{check_in.pk}:{known.pk}" if known is not None else str(check_in.pk)
    hours = newest.team.calendar.hours()
    to_due = hours.walk(now, lengths.current().still_open_within)
    draft = services.Draft(
        customer_id=check_in.customer_id,
        team_id=newest.team_id,
        kind_id=Kind.objects.get(code=_FOLLOW_UP_KIND).pk,
        owner_id=_owner_of(newest),
        wording=f"Look into what is still open: {newest.wording}"[:500],
        team_note=said[:2000],
        due_at=to_due[-1].ends_at,
        due_steps=to_due,
        conversation_id=newest.conversation_id,
        channel=Channel.OTHER,
        follows_id=known.pk if known is not None else newest.pk,
        summary=False,
        origin=_ORIGIN,
        origin_key=key,
    )
    follow_up = services.make(draft, by=None, now=now)
    _tell_about(follow_up, said, now=now)
    return follow_up


def _owner_of(commitment: Commitment) -> int | None:
    """Whoever kept the first promise, if they still can; else the team's lead is told."""
    can = commitment.team.memberships.filter(
        user=commitment.owner_id, user__is_active=True
    ).exclude(role=Role.AUDITOR)
    return commitment.owner_id if can.exists() else None


def _tell_about(follow_up: Commitment, said: str, *, now: datetime) -> None:
    """The customer hears at once what happens next, and by when."""
    made = follow_up.events.get(kind=EventKind.MADE)
    template = messages.customer.Template.STILL_OPEN
    mail = messages.customer.about_promise(
        follow_up, template, event=made, now=now, words=said, at_once=True
    )
    if isinstance(mail, messages.Message):
        messages.send([mail], now=now)
