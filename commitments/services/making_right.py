"""A promised time has passed: say what happened and why, agree a new time, and make up for it.

All of it is one deed in one transaction, so that nobody is told half of it: the old time gives way
to the new one, the cause is kept for the team, what makes up for it is promised, and the customer
reads of all that in one mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from commitments.errors import CommitmentError
from commitments.models import Commitment, EventKind, User
from commitments.rules import causes, lifecycle, saying, steps, words

from . import making
from .making import Draft
from .moving import NewTime, Told, set_time
from .work import Work, begin

REMEDY = "remedy"  # in the changes of the event: which promise makes up for it


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What we do to make up for it: a promise of its own, to the same customer."""

    wording: str
    kind_id: int
    due_at: datetime
    owner_id: int | None = None
    due_said: str = ""
    due_steps: steps.Chain = ()
    window_start: datetime | None = None
    value: Decimal | None = None
    currency: str = ""
    value_reason: str = ""


@transaction.atomic
def make_right(
    commitment_id: int,
    *,
    by: User,
    missed_at: datetime,
    happened: str,
    cause: str,
    new: NewTime,
    told: Told,
    remedy: Remedy | None = None,
    now: datetime,
) -> Commitment:
    """`missed_at` is the promised time that this is about; `happened` is what the customer reads.

    Raises CommitmentError and changes nothing where the promise was closed, or given another time,
    while the words were written.
    """
    what = words.clean(happened, what="What happened", limit=4000, lines=True)
    work = begin(commitment_id, "make_right", by=by, now=now)
    commitment = work.commitment
    _check_is_that_time(commitment, missed_at, now=now)
    commitment.cause = causes.known(cause).value
    extra = {}
    if remedy is not None:
        extra[REMEDY] = _promise(remedy, work, told=told).pk
    set_time(work, new, why=what, told=told, **extra)
    return commitment


def _check_is_that_time(commitment: Commitment, missed_at: datetime, *, now: datetime) -> None:
    if commitment.due_at != missed_at:
        due = saying.say_time(commitment.due_at, zone=commitment.due_zone, now=now)
        raise CommitmentError(f"It was given a new time meanwhile: {due}.")
    lifecycle.check_may_make_right(due_at=commitment.due_at, now=now)


def _promise(remedy: Remedy, work: Work, *, told: Told) -> Commitment:
    """A mail of its own tells of it only where the customer has heard the rest on the phone."""
    commitment = work.commitment
    draft = Draft(
        customer_id=commitment.customer_id,
        team_id=commitment.team_id,
        kind_id=remedy.kind_id,
        wording=remedy.wording,
        due_at=remedy.due_at,
        due_said=remedy.due_said,
        due_steps=remedy.due_steps,
        window_start=remedy.window_start,
        owner_id=remedy.owner_id,
        urgent=commitment.urgent,
        summary=None if told is Told.PHONE else False,
        conversation_id=commitment.conversation_id,
        follows_id=commitment.pk,
        value=remedy.value,
        currency=remedy.currency,
        value_reason=remedy.value_reason,
        because=commitment.cause,
    )
    try:
        return making.make(draft, by=work.by, now=work.now)
    except CommitmentError as no:
        raise CommitmentError(str(no), field=f"{REMEDY}_{no.field or 'wording'}") from no


@transaction.atomic
def name_cause(commitment_id: int, *, by: User, cause: str, now: datetime) -> Commitment:
    """Say, or say anew, why it was not kept in time: for what nobody could be asked about.

    The customer had ended it themselves, or it was closed before causes were kept.
    """
    work = begin(commitment_id, "name_cause", by=by, now=now)
    commitment = work.commitment
    lifecycle.check_may_name_cause(is_broken=commitment.was_broken(now))
    commitment.cause = causes.known(cause).value
    said = f"Why it was not in time: {causes.said(cause)}."
    work.record(EventKind.UPDATED, words=said, audience="team")
    return commitment
