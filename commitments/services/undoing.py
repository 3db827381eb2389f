"""The last thing somebody did is taken back, within seconds, as if it had not been."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments import agenda, lengths, messages
from commitments.models import CheckIn, Commitment, Event, EventKind, User
from commitments.rules.lifecycle import LIVE, IllegalMoveError, Outcome, Status

from . import recapping
from .calling import take_back
from .closing import plan_check_in
from .making_right import REMEDY
from .work import hold

# What may stand behind an event, of the same instant, without having been an answer to it.
FOLLOWS_BY_ITSELF = frozenset(
    {EventKind.STEP_PASSED_OVER, EventKind.CHECK_IN_PLANNED, EventKind.MESSAGE_NOT_SENT}
)
CANNOT_BE_UNDONE = frozenset(
    {EventKind.UNDONE, EventKind.HELP_ASKED, EventKind.ACKNOWLEDGED, EventKind.LINK_RENEWED}
    | {EventKind.CUSTOMER_MERGED, EventKind.THANKED, EventKind.CASE_TOLD}
)


@transaction.atomic
def undo(event_id: int, *, by: User, now: datetime) -> Commitment:
    """Restore what the event changed and withdrew, and withdraw what it was about to say.

    By its actor only, within `lengths.undo`, and only while nothing has happened since. Undoing the
    making of a promise closes it as void, "undone".
    """
    event = Event.objects.get(pk=event_id)
    work = hold(event.commitment_id, by=by, now=now)
    _check(event, by=by, now=now)
    commitment = work.commitment
    if event.kind == EventKind.MADE:
        commitment.status = Status.VOID.value
        work.close(Outcome.VOID)
    else:
        revision = commitment.revision
        commitment.restore(event.changes, event.words_before)
        commitment.revision = revision + 1
        work.terms = agenda.Terms.load(commitment)  # of the team that has it again
    take_back(event)
    _take_back_remedy(event, by=by, now=now)
    CheckIn.objects.take_out(commitment)
    work.record(EventKind.UNDONE, undoes=event)
    if commitment.status == Status.FULFILLED and not CheckIn.objects.asked_about(commitment):
        plan_check_in(work)
    messages.withdraw_event(commitment, [event.pk], reason="undone", now=now)
    messages.restore(event, now=now)
    recapping.write_anew(work)
    return commitment


def _take_back_remedy(event: Event, *, by: User, now: datetime) -> None:
    """What was promised to make up for it goes with it; refused once something has come of it."""
    if REMEDY not in event.changes:
        return
    made = Event.objects.filter(commitment=event.changes[REMEDY], kind=EventKind.MADE)
    live = made.filter(commitment__status__in=LIVE).first()
    if live is not None:
        undo(live.pk, by=by, now=now)


def may_still_be(event: Event, *, now: datetime) -> bool:
    """Whether the last event of a promise may be taken back; until then nobody outside knows."""
    if event.actor_id is None or event.kind in CANNOT_BE_UNDONE:
        return False
    return now - event.recorded_at <= lengths.current().undo


def _check(event: Event, *, by: User, now: datetime) -> None:
    since = Event.objects.filter(
        commitment=event.commitment_id, sequence__gt=event.sequence
    ).exclude(kind__in=FOLLOWS_BY_ITSELF, recorded_at=event.recorded_at)
    if event.actor_id != by.pk or event.kind in CANNOT_BE_UNDONE:
        raise IllegalMoveError("This cannot be undone.")
    if now - event.recorded_at > lengths.current().undo:
        raise IllegalMoveError("It is too late to undo this. You can still change it by hand.")
    if since.exists():
        raise IllegalMoveError("Something has happened since, so this cannot be undone any more.")
