"""An owner is asked how it stands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments import lengths, messages
from commitments.errors import CommitmentError
from commitments.models import Commitment, EventKind, User
from commitments.rules import lifecycle, saying, words

from .work import Work, begin, role_of

ASKED = "owner"  # the audience of such an update, by which a history tells it from others


@transaction.atomic
def ask_for_update(commitment_id: int, *, by: User, note: str = "", now: datetime) -> Commitment:
    """A lead or manager wants a word from the owner, who is written to at once.

    Once an hour, whoever asks. Raises CommitmentError where there is nobody to ask.
    """
    said = words.clean(note, what="The note", limit=500, required=False, lines=True)
    work = begin(commitment_id, "ask", by=by, now=now)
    lifecycle.check_may_ask(role_of(by, work.commitment.team))
    _check_somebody_is_asked(work)
    _check_not_asked_before(work)
    event = work.record(EventKind.UPDATED, words=said, audience=ASKED)
    asks = f"{by.first_name} writes: {said}" if said else f"{by.first_name} would like to know."
    work.tell_staff(messages.staff.Template.UPDATE_WANTED, event, words=asks)
    return work.commitment


def _check_somebody_is_asked(work: Work) -> None:
    owner = work.commitment.owner
    if owner is None:
        raise CommitmentError("Nobody owns it yet. Hand it to somebody first.")
    if owner == work.by:
        raise CommitmentError("It is yours: there is nobody to ask.")


def _check_not_asked_before(work: Work) -> None:
    pause = lengths.current().ask_again_after
    asked = work.commitment.events.filter(kind=EventKind.UPDATED, audience=ASKED)
    last = asked.filter(recorded_at__gt=work.now - pause).order_by("-sequence").first()
    if last is not None:
        owner, ago = work.commitment.owner, saying.say_ago(last.recorded_at, now=work.now)
        name = owner.first_name if owner else "Somebody"
        raise CommitmentError(f"{name} was asked {ago}. Once an hour is enough.")
