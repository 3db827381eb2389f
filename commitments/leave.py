"""What of somebody's promises falls into a time away: to be seen before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from . import agenda
from .models import Calendar, Commitment, Step, User


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A promise that asks for its owner while they are away, and when it first does."""

    commitment: Commitment
    is_due: bool  # in that time, or before
    first_at: datetime


def touched(
    person: User, *, seen_by: User, starts_at: datetime, ends_at: datetime
) -> list[Touched]:
    """Live promises of theirs due by the end of that time, or of which somebody is reminded in it.

    Only those that whoever plans it may see: somebody's lead is not the lead of all their teams.
    Soonest first; as many queries for a thousand as for one.
    """
    theirs = Commitment.objects.visible_to(seen_by).live().owned_by(person)
    related = theirs.select_related("customer", "owner", "kind", "team")
    promises = list(related.order_by("due_at", "pk"))
    ladders = Step.objects.ladders_of({each.policy_version_id for each in promises})
    hours = Calendar.objects.hours_of({each.team.calendar_id for each in promises})
    found = [
        _touched(
            each,
            agenda.Terms.of(
                each, steps=ladders[each.policy_version_id], hours=hours[each.team.calendar_id]
            ),
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for each in promises
    ]
    return sorted((each for each in found if each), key=lambda each: each.first_at)


def _touched(
    commitment: Commitment, terms: agenda.Terms, *, starts_at: datetime, ends_at: datetime
) -> Touched | None:
    standing = agenda.Standing.of(commitment)
    instants = [at for _, at in agenda.upcoming(standing, terms)]
    if commitment.due_at < ends_at:
        instants.append(max(commitment.due_at, starts_at))
    if commitment.next_action_at is not None:
        instants.append(max(commitment.next_action_at, starts_at))
    inside = [at for at in instants if starts_at <= at < ends_at]
    if not inside:
        return None
    return Touched(commitment=commitment, is_due=commitment.due_at < ends_at, first_at=min(inside))
