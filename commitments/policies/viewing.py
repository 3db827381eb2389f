"""A policy with all that it meets, loaded for the linter: teams, people, hours, kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from commitments import messages
from commitments.models import Calendar, Kind, Membership, Policy, Team, User
from commitments.rules import audiences
from commitments.rules.business_time import Hours, NeverOpen
from commitments.rules.ladder import Ladder

from . import linting

_INTO_THE_DAY = timedelta(hours=1)


def warnings(
    policy: Policy, now: datetime, *, steps: Ladder | None = None
) -> list[linting.Warning]:
    """What is unwise about a policy, or about steps that it is to get. Eight queries at most."""
    return linting.warnings(view(policy, now, steps=steps))


def view(policy: Policy, now: datetime, *, steps: Ladder | None = None) -> linting.View:
    """The policy's latest steps unless others are given, as every team with people meets them."""
    ladder = policy.latest().ladder() if steps is None else steps
    kinds = _kinds(policy)
    teams, never_open = _teams(kinds, now=now)
    tokens = {each for step in ladder for each in (*step.audience, step.hands_to) if each}
    named = audiences.pks_of(tokens, "person")
    has_programs = bool(audiences.pks_of(tokens, "webhook"))
    people = User.objects.filter(pk__in=named, is_active=True)
    return linting.View(
        ladder=ladder,
        teams=teams,
        has_kinds=bool(kinds),
        named={person.pk: str(person) for person in people},
        programs=list(messages.programs.listeners()) if has_programs else (),
        never_open=never_open,
    )


def _kinds(policy: Policy) -> list[Kind]:
    """Those whose promises climb it: always, or where they are urgent."""
    using = Q(policy=policy) | Q(policy__urgent_variant=policy)
    return list(Kind.objects.in_use().filter(using))


def _teams(kinds: Sequence[Kind], *, now: datetime) -> tuple[list[linting.Team], list[str]]:
    calendars = {
        calendar.pk: calendar.hours()
        for calendar in Calendar.objects.prefetch_related("opening_hours", "holidays")
    }
    members: dict[int, list[Membership]] = defaultdict(list)
    active = Membership.objects.filter(user__is_active=True).select_related("user")
    for member in active.order_by("pk"):
        members[member.team_id].append(member)
    teams, never_open = [], []
    for team in Team.objects.select_related("lead_fallback").order_by("name"):
        if not members[team.pk]:
            continue  # nobody there makes a promise
        hours = calendars[team.calendar_id]
        samples = _samples(kinds, hours, now=now)
        if samples is None:
            never_open.append(team.name)
        teams.append(_team(team, members[team.pk], calendars, samples or ()))
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
