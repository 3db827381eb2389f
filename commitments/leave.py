"""What of somebody's promises falls into a time away: to be seen before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from . import agenda
from .models import Calendar, Commitment, PolicyVersion, User
from .rules.business_time import Hours
from .rules.ladder import Ladder


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A promise that asks for its owner while they are away, and when it first does."""

    commitment: Commitment
    is_due: bool  # in that time, or before
    first_at: datetime


def touched(person: User, *, starts_at: datetime, ends_at: datetime) -> list[Touched]:
    """Live promises of theirs due by the end of that time, or of which somebody is reminded in it.

    Soonest first; as many queries for a thousand as for one.
    """
    live = Commitment.objects.live().owned_by(person).order_by("due_at", "pk")
    promises = list(live.select_related("customer", "owner", "kind", "team"))
    ladders, hours = _ladders(promises), _hours(promises)
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


def _ladders(promises: Sequence[Commitment]) -> dict[int, Ladder]:
    versions = {each.policy_version_id for each in promises}
    rows = PolicyVersion.objects.filter(pk__in=versions).prefetch_related("steps")
    return {version.pk: version.ladder() for version in rows}


def _hours(promises: Sequence[Commitment]) -> dict[int, Hours]:
    return Calendar.objects.hours_of({each.team.calendar_id for each in promises})
