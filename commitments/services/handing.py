"""A promise goes from hand to hand: to a colleague, or to a team of which nobody has it yet.

The promised time stays, and the customer hears nothing of it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments import agenda, messages
from commitments.errors import CommitmentError
from commitments.models import Commitment, Event, EventKind, Team, User
from commitments.rules import words

from .making import member
from .work import Work, begin, role_of

_LONGEST = 4000
_ACTING = frozenset({"agent", "lead", "manager", "administrator", "service"})


@transaction.atomic
def reassign(
    commitment_id: int, *, by: User | None, owner_id: int, note: str = "", now: datetime
) -> Commitment:
    """Hand it to a colleague. Both are told, and whoever had it is reminded of it no more."""
    said = _note(note)
    work = begin(commitment_id, "reassign", by=by, now=now)
    new, old_id = member(owner_id, work.commitment.team), work.commitment.owner_id
    if new.pk == old_id:
        raise CommitmentError(f"{new.first_name} has this promise already.", field="owner")
    _let_go(work)
    work.commitment.owner = new
    event = work.record(EventKind.REASSIGNED, words=said)
    work.tell_staff(messages.staff.Template.HANDED_OVER, event, words=said)
    _tell_who_had_it(work, event, old_id, said)
    return work.commitment


@transaction.atomic
def hand_to_team(
    commitment_id: int, *, by: User, team_id: int, note: str = "", now: datetime
) -> Commitment:
    """Hand it to a team in which this person acts; its lead is asked to find somebody to own it.

    From then on it goes by that team's hours; a kind's usual deadline has no say in it any more.
    """
    said = _note(note)
    work = begin(commitment_id, "reassign", by=by, now=now)
    team = Team.objects.select_related("calendar").filter(pk=team_id, retired_at=None).first()
    if team is None or role_of(by, team) not in _ACTING:
        raise CommitmentError("Choose one of your teams.", field="team")
    commitment, old_id = work.commitment, work.commitment.owner_id
    if commitment.team_id == team.pk and old_id is None:
        raise CommitmentError(f"{team.name} has this promise already.", field="team")
    _let_go(work)
    commitment.team, commitment.owner = team, None
    work.terms = agenda.Terms.load(commitment)
    event = work.record(EventKind.REASSIGNED, words=said, handed_to=team.name)
    work.tell_staff(messages.staff.Template.HANDED_OVER, event, "lead", words=said)
    _tell_who_had_it(work, event, old_id, said)
    return commitment


def _let_go(work: Work) -> None:
    """Whoever had it said "I have it" for themselves only, and is reminded no more."""
    commitment = work.commitment
    commitment.acknowledged_by, commitment.acknowledged_until = None, None
    if commitment.owner_id is not None:
        messages.withdraw_from(
            commitment, person_id=commitment.owner_id, reason="handed to a colleague", now=work.now
        )


def _tell_who_had_it(work: Work, event: Event, person_id: int | None, said: str) -> None:
    """Unless they did it themselves, or a step of the ladder did, which has told them why."""
    if work.by is None or person_id in (None, work.by.pk):
        return
    people = User.objects.filter(pk=person_id, is_active=True)
    told = messages.staff.to(
        people,
        work.commitment,
        messages.staff.Template.HANDED_ON,
        roster=messages.Roster([work.commitment], now=work.now),
        reason=str(event.pk),
        event_id=event.pk,
        now=work.now,
        words=said,
    )
    messages.send(told, now=work.now)


def _note(text: str) -> str:
    return words.clean(text, what="The note", limit=_LONGEST, required=False, lines=True)
