"""Who may take several promises at once: with what they have on their hands, and their shift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from commitments import messages
from commitments.models import Commitment, Membership, Team, User
from commitments.models.people import KEEPING
from commitments.rules import saying
from commitments.rules.lifecycle import LIVE
from commitments.web import doors


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """A colleague or a team. `key` is how the form names it, `load` what is open there now."""

    key: str
    name: str
    load: int
    shift: str
    capacity: int | None = None

    def __str__(self) -> str:
        return f"{self.name}, {saying.say_count(self.load, 'open promise')}, {self.shift}"

    def after(self, more: int) -> str:
        """What it comes to, beside how much they can keep in a day."""
        total = saying.say_count(self.load + more, "open promise")
        if self.capacity is None:
            return f"{self.name} then has {total} without an owner."
        beyond = " That is more than a day's work." if self.load + more > self.capacity else ""
        return f"{self.name} then has {total}, of {self.capacity} that fit into a day.{beyond}"


def of(promises: Sequence[Commitment], *, user: User, now: datetime) -> list[Receiver]:
    """Colleagues of the promises' teams by name, then the teams in which the reader acts."""
    roster = messages.Roster(promises, now=now)
    teams = {promise.team_id for promise in promises}
    people = [
        Receiver(
            key=f"person-{member.user_id}",
            name=str(member.user),
            load=getattr(member, "load", 0),
            shift=_shift(member, roster, now=now),
            capacity=member.daily_capacity,
        )
        for member in _members(teams)
    ]
    return [*people, *_teams(user)]


def _members(teams: set[int]) -> list[Membership]:
    """Each person once, by their first place in one of these teams."""
    here = Membership.objects.filter(team__in=teams, role__in=KEEPING, user__is_active=True)
    live = Q(user__commitments__status__in=LIVE)
    loaded = here.select_related("user").annotate(
        load=Count("user__commitments", filter=live, distinct=True)
    )
    first: dict[int, Membership] = {}
    for member in loaded.order_by("user__name", "pk"):
        first.setdefault(member.user_id, member)
    return list(first.values())


def _teams(user: User) -> list[Receiver]:
    acting = [team.pk for team in doors.teams_of(user, acting=True) if team.retired_at is None]
    nobodys = Q(commitments__status__in=LIVE, commitments__owner=None)
    loaded = Team.objects.filter(pk__in=acting).annotate(load=Count("commitments", filter=nobodys))
    return [
        Receiver(
            key=f"team-{team.pk}",
            name=team.name,
            load=getattr(team, "load", 0),
            shift="its lead finds somebody",
        )
        for team in loaded.order_by("name")
    ]


def _shift(member: Membership, roster: messages.Roster, *, now: datetime) -> str:
    zone = member.user.zone
    if roster.is_on_duty(member.user, member.team_id):
        return "at work now"
    resumes = roster.work_resumes_at(member.user, member.team_id)
    away = "away" if roster.is_away(member.user) else "not at work"
    if resumes is None:
        return away
    return f"{away} until {saying.say_time_inside(resumes, zone=zone, now=now)}"
