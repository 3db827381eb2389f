"""Who is at work, and what working time says of an instant, for all teams of a report at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from commitments.errors import CommitmentError
from commitments.models import Absence, Calendar, Membership, Team
from commitments.models.people import KEEPING
from commitments.rules.business_time import Hours


@dataclass(frozen=True, kw_only=True)
class Duty:
    """The teams of a report, their hours, and who of them keeps promises; two queries."""

    now: datetime
    members: tuple[Membership, ...]
    calendars: dict[int, int]  # of each team
    names: dict[int | None, str]  # of each team
    hours: dict[int, Hours]  # of each calendar

    @classmethod
    def of(cls, teams: Collection[int], *, now: datetime) -> Duty:
        """The members come with `away_until`, where somebody is away now."""
        away = Absence.objects.filter(user=OuterRef("user"), starts_at__lte=now, ends_at__gt=now)
        until = away.order_by("-ends_at").values("ends_at")[:1]
        here = Membership.objects.filter(
            team__in=sorted(teams), role__in=KEEPING, user__is_active=True
        )
        read = here.select_related("user", "team").annotate(away_until=Subquery(until))
        members = tuple(read.order_by("user__name", "pk"))
        calendars = {member.team_id: member.team.calendar_id for member in members}
        names: dict[int | None, str] = {member.team_id: member.team.name for member in members}
        if missing := set(teams) - calendars.keys():
            found = Team.objects.filter(pk__in=missing).only("name", "calendar")
            calendars |= {team.pk: team.calendar_id for team in found}
            names |= {team.pk: team.name for team in found}
        used = {member.calendar_id or calendars[member.team_id] for member in members}
        hours = Calendar.objects.hours_of(used | set(calendars.values()))
        return cls(now=now, members=members, calendars=calendars, names=names, hours=hours)

    def hours_of(self, team: int) -> Hours:
        return self.hours[self.calendars[team]]

    def teams_by_calendar(self) -> dict[int, list[int]]:
        """Teams that share hours have the same working time; most often all do."""
        shared: dict[int, list[int]] = defaultdict(list)
        for team, calendar in sorted(self.calendars.items()):
            shared[calendar].append(team)
        return shared

    def at_work_before(self, end: datetime) -> dict[int, list[int]]:
        """By team, who is at work now or begins before `end`."""
        found: dict[int, list[int]] = defaultdict(list)
        for member in self.members:
            begins = self.begins(member)
            if begins is not None and begins < end:
                found[member.team_id].append(member.user_id)
        return found

    def begins(self, member: Membership) -> datetime | None:
        """Now for whoever is at work, else their next working minute; None where there is none."""
        away_until: datetime | None = getattr(member, "away_until", None)  # annotated
        hours = self.hours[member.calendar_id or self.calendars[member.team_id]]
        with suppress(CommitmentError):  # a calendar that never opens
            return hours.next_open(max(self.now, away_until or self.now))
        return None

    def somebody_before(self, end: datetime) -> Q:
        """Promises whose owner is at work before then."""
        condition = Q(pk__in=[])
        for team, people in sorted(self.at_work_before(end).items()):
            condition |= Q(team=team, owner__in=people)
        return condition


def ago(hours: Hours, now: datetime, length: timedelta) -> datetime:
    """So much working time before `now`; as the wall shows it where the calendar never opens."""
    with suppress(CommitmentError):
        return hours.add(now, -length)
    return now - length


def days_ago(hours: Hours, now: datetime, days: int) -> datetime:
    """The same time of day so many working days before."""
    with suppress(CommitmentError):
        return hours.add_days(now, -days)
    return now - timedelta(days=days)
