"""The customer is called, and what came of it is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments.errors import CommitmentError
from commitments.messages import called
from commitments.models import CallAttempt, Commitment, Event, EventKind, User
from commitments.rules import words
from commitments.rules.calling import Call

from .work import begin

_OUTCOMES = frozenset(Call)


@transaction.atomic
def attempt(
    commitment_id: int, *, by: User, came_of_it: str, note: str = "", now: datetime
) -> Commitment:
    """A call was tried. One in which the customer was reached tells them: it ends the silence.

    A voice on their machine does not: nobody knows whether they have heard it.
    """
    said = words.clean(note, what="The note", limit=500, required=False, lines=True)
    if came_of_it not in _OUTCOMES:
        raise CommitmentError("Choose what came of the call.", field="came_of_it")
    work = begin(commitment_id, "attempt", by=by, now=now)
    commitment = work.commitment
    tried = CallAttempt.objects.create(
        commitment=commitment, caller=by, at=now, outcome=came_of_it, note=said
    )
    if came_of_it == Call.REACHED:
        commitment.told_at = now
        work.owe_an_update()
    else:
        called.mark(commitment)
    work.record(EventKind.CALL_TRIED, words=said, call=str(came_of_it), attempt=tried.pk)
    return commitment


def take_back(event: Event) -> None:
    """The try was logged by mistake: it counts no more. The event, and who undid it, stay."""
    if event.kind == EventKind.CALL_TRIED:
        CallAttempt.objects.filter(pk=event.changes["attempt"]).delete()
