"""A policy with all that it meets, loaded for the linter: teams, people, hours, kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from commitments import messages
from commitments.models import Calendar, Kind, Membership, Policy, Team, User
from commitments.rules import audiences
from commitments.rules.business_time import Hours, NeverOpen
from commitments.rules.ladder import Ladder

from . import linting

_INTO_THE_DAY = timedelta(hours=1)


def warnings(
    policy: Policy | None, now: datetime, *, steps: Ladder | None = None
) -> list[linting.Warning]:
    """What is unwise about a policy, or about steps that it is to get; None is a new one."""
    return linting.warnings(view(policy, now, steps=steps))


def warnings_of(
    ladders: Mapping[Policy, Ladder], now: datetime
) -> dict[Policy, list[linting.Warning]]:
    """What is unwise about each; eight queries at most, however many policies."""
    house = _House(ladders.values())
    return {
        policy: linting.warnings(house.view(policy, steps, now=now))
        for policy, steps in ladders.items()
    }


def view(policy: Policy | None, now: datetime, *, steps: Ladder | None = None) -> linting.View:
    """The policy's latest steps unless others are given, as every team with people meets them."""
    if steps is None:
        steps = policy.latest().ladder() if policy is not None else ()
    return _House([steps]).view(policy, steps, now=now)


class _House:
    """Kinds, teams, people and hours, and whoever some ladders name: read once for all of them."""

    def __init__(self, ladders: Collection[Ladder]) -> None:
        tokens = {
            each
            for steps in ladders
            for step in steps
            for each in (*step.audience, step.hands_to)
            if each
        }
        named = audiences.pks_of(tokens, "person")
        has_programs = bool(audiences.pks_of(tokens, "webhook"))
        people = User.objects.filter(pk__in=named, is_active=True)
        self._named = {person.pk: str(person) for person in people}
        self._programs = list(messages.programs.listeners()) if has_programs else []
        self._kinds = list(Kind.objects.in_use().select_related("policy"))
        calendars = Calendar.objects.prefetch_related("opening_hours", "holidays")
        self._hours = {calendar.pk: calendar.hours() for calendar in calendars}
        self._teams = list(Team.objects.select_related("lead_fallback").order_by("name"))
        self._members: dict[int, list[Membership]] = defaultdict(list)
        active = Membership.objects.of_people().filter(user__is_active=True).select_related("user")
        for member in active.order_by("pk"):
            self._members[member.team_id].append(member)

    def view(self, policy: Policy | None, steps: Ladder, *, now: datetime) -> linting.View:
        kinds = self._kinds_of(policy) if policy is not None else []
        teams, never_open = self._teams_with_people(kinds, now=now)
        return linting.View(
            ladder=steps,
            teams=teams,
            has_kinds=bool(kinds),
            named=self._named,
            programs=self._programs,
            never_open=never_open,
        )

    def _kinds_of(self, policy: Policy) -> list[Kind]:
        """Those whose promises climb it: always, or where they are urgent."""
        return [
            kind
            for kind in self._kinds
            if policy.pk in {kind.policy_id, kind.policy.urgent_variant_id}
        ]

    def _teams_with_people(
        self, kinds: Sequence[Kind], *, now: datetime
    ) -> tuple[list[linting.Team], list[str]]:
        teams, never_open = [], []
        for team in self._teams:
            members = self._members.get(team.pk)
            if not members:
                continue  # nobody there makes a promise
            samples = _samples(kinds, self._hours[team.calendar_id], now=now)
            if samples is None:
                never_open.append(team.name)
            teams.append(_team(team, members, self._hours, samples or ()))
        return teams, never_open


def _team(
    team: Team,
    members: Sequence[Membership],
    calendars: dict[int, Hours],
    samples: Sequence[linting.Sample],
) -> linting.Team:
    hours = calendars[team.calendar_id]
    people: dict[str, list[linting.Person]] = defaultdict(list)
    for member in members:
        own = calendars[member.calendar_id] if member.calendar_id else hours
        people[member.role].append(_person(member.user, own))
    fallback = team.lead_fallback
    stands_in = fallback is not None and fallback.is_active
    return linting.Team(
        name=team.name,
        hours=hours,
        people=dict(people),
        fallback=_person(fallback, hours) if fallback is not None and stands_in else None,
        samples=samples,
    )


def _person(user: User, hours: Hours) -> linting.Person:
    return linting.Person(pk=user.pk, name=str(user), hours=hours)


def _samples(kinds: Sequence[Kind], hours: Hours, *, now: datetime) -> list[linting.Sample] | None:
    """A promise of each kind, made an hour into the next working time; None where none comes."""
    try:
        since = hours.add(now, _INTO_THE_DAY)
        return [
            linting.Sample(kind=kind.name, since=since, due_at=kind.usual_due(since, hours=hours))
            for kind in kinds
        ]
    except NeverOpen:
        return None
