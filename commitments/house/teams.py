"""A team: its hours, its people and what each is there.

The last way to reach somebody is never taken away: where a step of a ladder finds nobody, the lead
is asked, then the fallback, then the manager. A retired team makes no new promises; those that are
open are kept by the people they have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from commitments.errors import CommitmentError
from commitments.models import Calendar, Commitment, Membership, Role, Team, User
from commitments.models.people import LEADING
from commitments.policies import looking_again
from commitments.rules import saying, words

from . import account_log, seen

_MOST_A_DAY = 999


@dataclass(frozen=True, kw_only=True)
class Place:
    """What one person is in a team. Without hours of their own they have the team's."""

    user_id: int
    role: str = Role.AGENT
    calendar_id: int | None = None
    daily_capacity: int = 12


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A team as it is to be."""

    name: str
    calendar_id: int
    fallback_id: int | None = None
    places: Sequence[Place] = ()


def mark(team: Team) -> str:
    """Of all that can be edited on a team's page."""
    return seen.mark(team.name, team.calendar_id, team.lead_fallback_id, _places(team))


@transaction.atomic
def make(plan: Plan, *, by_id: int | None = None) -> Team:
    """A new team, with or without people. Raises CommitmentError."""
    name = _name(plan)
    _check(plan)
    try:
        with transaction.atomic():
            team = Team.objects.create(
                name=name, calendar_id=plan.calendar_id, lead_fallback_id=plan.fallback_id
            )
    except IntegrityError:
        raise _taken(name) from None
    with account_log.places(team_id=team.pk, by_id=by_id):
        Membership.objects.bulk_create(_membership(team, place) for place in plan.places)
    return team


@transaction.atomic
def edit(
    team_id: int, plan: Plan, *, seen_mark: str, by_id: int | None = None, now: datetime
) -> Team:
    """Let the team be so. Its clocks are laid anew where it has other hours.

    Raises Changed or CommitmentError, and changes nothing then.
    """
    team = Team.objects.select_for_update().get(pk=team_id)
    seen.check(mark(team), seen=seen_mark, what="this team")
    name = _name(plan, of=team)
    _check(plan)
    _check_somebody_is_reached(team, plan)
    _check_nothing_is_left_behind(team, plan)
    has_other_hours = team.calendar_id != plan.calendar_id
    team.name, team.calendar_id = name, plan.calendar_id
    team.lead_fallback_id = plan.fallback_id
    try:
        with transaction.atomic():
            team.save(update_fields=["name", "calendar_id", "lead_fallback_id"])
    except IntegrityError:
        raise _taken(name) from None
    with account_log.places(team_id=team.pk, by_id=by_id):
        _seat(team, plan.places)
    if has_other_hours:
        looking_again.look_again(Team.objects.filter(pk=team.pk), now=now)
    return team


@transaction.atomic
def retire(team_id: int, *, now: datetime) -> Team:
    """No new promises are made there."""
    team = Team.objects.select_for_update().get(pk=team_id)
    others = Team.objects.filter(retired_at=None).exclude(pk=team.pk)
    if team.retired_at is None and not others.exists():
        raise CommitmentError("It is the only team in use. Add another first.")
    team.retired_at = team.retired_at or now
    team.save(update_fields=["retired_at"])
    return team


@transaction.atomic
def bring_back(team_id: int) -> Team:
    """Promises may be made there again."""
    team = Team.objects.select_for_update().get(pk=team_id)
    team.retired_at = None
    team.save(update_fields=["retired_at"])
    return team


@transaction.atomic
def delete(team_id: int, *, by_id: int | None = None) -> None:
    """Only a team that never promised anything."""
    team = Team.objects.select_for_update().get(pk=team_id)
    try:
        with account_log.places(team_id=team_id, by_id=by_id):
            team.delete()
    except ProtectedError:
        raise CommitmentError(
            f"{team.name} has made promises. It can be retired, not deleted."
        ) from None


def nobody_is_reached(name: str) -> str:
    """Said by the linter in the same words."""
    return (
        f"{name} would have no lead, no fallback and no manager: where a step finds nobody, only"
        " administrators would be asked. Choose somebody first."
    )


def is_somebody_reached(places: Iterable[Place], *, fallback_id: int | None) -> bool:
    """Whether somebody active is asked where a step finds nobody."""
    asked = {place.user_id for place in places if place.role in LEADING}
    asked |= {fallback_id} if fallback_id else set()
    return User.objects.filter(pk__in=asked, is_active=True).exists()


def places_of(team: Team) -> list[Place]:
    return [
        Place(user_id=user, role=role, calendar_id=calendar, daily_capacity=capacity)
        for user, role, calendar, capacity in _places(team)
    ]


def _places(team: Team) -> list[tuple[int, str, int | None, int]]:
    fields = ("user_id", "role", "calendar_id", "daily_capacity")
    seated = Membership.objects.of_people().filter(team=team)
    return list(seated.order_by("user_id").values_list(*fields))


def _name(plan: Plan, *, of: Team | None = None) -> str:
    name = words.clean(plan.name, what="The name", limit=120, field="name")
    others = Team.objects.exclude(pk=of.pk) if of else Team.objects.all()
    if others.filter(name__iexact=name).exists():
        raise _taken(name)
    return name


def _taken(name: str) -> CommitmentError:
    return CommitmentError(f"There is a team called {name} already.", field="name")


def _check(plan: Plan) -> None:
    people = [place.user_id for place in plan.places]
    if len(people) != len(set(people)):
        raise CommitmentError(
            "Somebody is in this team twice. Give each one place.", field="places"
        )
    if User.objects.people().filter(pk__in=people).count() != len(people):
        raise CommitmentError("One of these people does not exist.", field="places")
    if not all(0 <= place.daily_capacity <= _MOST_A_DAY for place in plan.places):
        raise CommitmentError(
            f"Promises a day: give a number from 0 to {_MOST_A_DAY}.", field="places"
        )
    wanted = {plan.calendar_id} | {each.calendar_id for each in plan.places if each.calendar_id}
    if Calendar.objects.filter(pk__in=wanted).count() != len(wanted):
        raise CommitmentError("Those hours do not exist any more.", field="calendar")
    if plan.fallback_id and not _is_active(plan.fallback_id):
        raise CommitmentError("Choose somebody who can sign in.", field="fallback")


def _is_active(user_id: int) -> bool:
    return User.objects.people().filter(pk=user_id, is_active=True).exists()


def _check_somebody_is_reached(team: Team, plan: Plan) -> None:
    """Refused is to take the last one away; a team that never had one is warned of elsewhere."""
    had = is_somebody_reached(places_of(team), fallback_id=team.lead_fallback_id)
    if had and not is_somebody_reached(plan.places, fallback_id=plan.fallback_id):
        raise CommitmentError(nobody_is_reached(team.name), field="fallback")


def _check_nothing_is_left_behind(team: Team, plan: Plan) -> None:
    """Whoever leaves, or may only look from now on, owes nothing here."""
    stay = {place.user_id for place in plan.places if place.role != Role.AUDITOR}
    left = Commitment.objects.live().filter(team=team, owner__isnull=False).exclude(owner__in=stay)
    first = left.select_related("owner").order_by("owner__name", "pk").first()
    if first is None or first.owner is None:
        return
    count = left.filter(owner=first.owner).count()
    owed = saying.say_count(count, "open promise")
    raise CommitmentError(
        f"{first.owner} owes {owed} in {team.name}. Hand {'it' if count == 1 else 'them'} over"
        " first, under Promises.",
        field="places",
    )


def _seat(team: Team, places: Sequence[Place]) -> None:
    """Those who stay keep their row, and with it the order in which they came."""
    wanted = {place.user_id: place for place in places}
    seated = Membership.objects.of_people().filter(team=team)
    seated.exclude(user__in=wanted).delete()
    known: Collection[int] = set()
    for member in seated:
        place = wanted[member.user_id]
        known = {*known, member.user_id}
        Membership.objects.filter(pk=member.pk).update(
            role=place.role, calendar_id=place.calendar_id, daily_capacity=place.daily_capacity
        )
    new = [place for place in places if place.user_id not in known]
    Membership.objects.bulk_create(_membership(team, place) for place in new)


def _membership(team: Team, place: Place) -> Membership:
    return Membership(
        team=team,
        user_id=place.user_id,
        role=place.role,
        calendar_id=place.calendar_id,
        daily_capacity=place.daily_capacity,
    )
