"""Which promises a report is about, and who asks: read once, from the words of an address.

What somebody may not see does not exist for them: an unknown team and a colleague's team, an
unknown agent and somebody else, are refused alike. An agent has figures of their own only; who
leads a team, manages or audits it has everybody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from commitments.errors import CommitmentError
from commitments.models import Commitment, Kind, Team, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.models.local_day import FIRST_DUE_ON, around
from commitments.models.people import WATCHING
from commitments.rules import wall_clock

_WEEKS_BEFORE = 8  # and the one that has begun
LONGEST = 3  # years
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)
_LONGEST_ID = 18  # digits: any such number fits a database's


class NotFound(Exception):
    """There is no such team, person or kind here, as far as this person may know."""


class ReportError(CommitmentError):
    """What was asked for makes no sense, as a sentence; `field` names the parameter."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days, both included, as a promise's own zone counts them.

    `zone` is the reader's: in it, what is not counted by days of promises has its hours.
    """

    since: date
    until: date
    zone: str

    @property
    def start(self) -> datetime:
        return wall_clock.midnight(self.since, ZoneInfo(self.zone))

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return wall_clock.midnight(self.until + timedelta(days=1), ZoneInfo(self.zone))

    def weeks(self) -> tuple[date, ...]:
        """The Monday of each week that has a day in it."""
        monday = _monday(self.since)
        count = (self.until - monday).days // 7 + 1
        return tuple(monday + timedelta(weeks=number) for number in range(count))


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The choices of one report.

    `teams` may all be seen, and are what was chosen; `owner` is the viewer themselves where they
    may see no more (`is_own`); `at` is the instant at which it was asked.
    """

    viewer: User
    teams: frozenset[int]
    owner: int | None
    kind: int | None
    period: Period
    at: datetime
    team: int | None = None
    is_own: bool = False

    @classmethod
    def of(cls, user: User, asked: Mapping[str, str], now: datetime) -> Scope:
        """Raises NotFound or ReportError.

        Asks nothing where the memberships have been read, but one query each for a person and a
        kind that was asked for, and for all teams of an administrator.
        """
        period = _period(asked, zone=user.zone, now=now)
        team = _number(asked.get("team", ""))
        teams, is_own = _teams(user, team)
        owner = _number(asked.get("owner", "") or asked.get("agent", ""))
        return cls(
            viewer=user,
            teams=teams,
            owner=_own(user, owner) if is_own else _owner(owner, teams),
            kind=_kind(_number(asked.get("kind", ""))),
            period=period,
            at=now,
            team=team,
            is_own=is_own,
        )

    def promises(self) -> CommitmentQuerySet:
        """What was first due in the period: all history is counted from these. What a team promised
        itself is no part of it.
        """
        ours = self.whenever().filter(kind__for_customers=True)
        return first_due_within(ours, self.period.since, self.period.until)

    def whenever(self) -> CommitmentQuerySet:
        """The same choices without the period: what is overdue is so now, whenever it was due."""
        return Commitment.objects.filter(self.chosen())

    def chosen(self) -> Q:
        """The one place where the choices become a condition: of promises, and of their figures."""
        chosen = Q(team__in=sorted(self.teams))
        if self.owner is not None:
            chosen &= Q(owner=self.owner)
        if self.kind is not None:
            chosen &= Q(kind=self.kind)
        return chosen

    def query(self, **more: str) -> str:
        """The same choices as a query string; what is given besides stands beside or replaces."""
        named = {
            "team": self.team,
            "owner": None if self.is_own else self.owner,
            "kind": self.kind,
            "since": self.period.since,
            "until": self.period.until,
        }
        chosen = {name: str(choice) for name, choice in named.items() if choice is not None}
        return urlencode(chosen | more)


def first_due_within(among: CommitmentQuerySet, since: date, until: date) -> CommitmentQuerySet:
    """First due on one of these days, both included, in the zone each was promised in."""
    days = among.filter(around(since, until)).alias(first_due_on=FIRST_DUE_ON)
    return days.filter(first_due_on__gte=since, first_due_on__lte=until)


def _teams(user: User, asked: int | None) -> tuple[frozenset[int], bool]:
    """The team asked for, or those that this person sees to; and whether only their own promises
    of them. Who sees to none has their own of all their teams.
    """
    if user.is_superuser:
        teams = Team.objects.filter(pk=asked) if asked is not None else Team.objects.all()
        found = frozenset(teams.values_list("pk", flat=True))
        if asked is not None and not found:
            raise NotFound("team")
        return found, False
    roles = {place.team_id: place.role for place in user.memberships.all()}
    watched = frozenset(team for team, role in roles.items() if role in WATCHING)
    if asked is None:
        return watched or frozenset(roles), not watched
    if asked not in roles:
        raise NotFound("team")
    return frozenset({asked}), asked not in watched


def _own(user: User, asked: int | None) -> int:
    if asked not in (None, user.pk):
        raise NotFound("owner")
    return user.pk


def _owner(asked: int | None, teams: frozenset[int]) -> int | None:
    """Somebody of these teams, or who has left them and kept a promise there."""
    if asked is None:
        return None
    theirs = Commitment.objects.filter(owner=OuterRef("pk"), team__in=sorted(teams))
    known = Q(memberships__team__in=sorted(teams)) | Q(Exists(theirs))
    if not User.objects.filter(known, pk=asked).exists():
        raise NotFound("owner")
    return asked


def _kind(asked: int | None) -> int | None:
    if asked is not None and not Kind.objects.filter(pk=asked).exists():
        raise NotFound("kind")
    return asked


def _number(asked: str) -> int | None:
    """The id that was asked for; what is none names nothing that exists."""
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST_ID):
        raise NotFound("id")
    return int(asked)


def _period(asked: Mapping[str, str], *, zone: str, now: datetime) -> Period:
    """As asked; what is left open is filled up to eight full weeks and the one that has begun."""
    today = now.astimezone(ZoneInfo(zone)).date()
    since = _day(asked.get("since", ""), field="since")
    until = _day(asked.get("until", ""), field="until")
    until = until or max(today, since or today)
    since = since or max(_monday(until) - timedelta(weeks=_WEEKS_BEFORE), _FIRST)
    if until < since:
        raise ReportError(
            "The last day lies before the first. Give a later last day.", field="until"
        )
    if until - since > timedelta(days=366 * LONGEST):
        raise ReportError(
            f"That is longer than {LONGEST} years. Give a later first day.", field="since"
        )
    return Period(since=since, until=until, zone=zone)


def _day(asked: str, *, field: str) -> date | None:
    if not asked:
        return None
    name = "From" if field == "since" else "Until"
    wrong = f"“{name}” needs a day between 2000 and 2199, such as 2026-05-22."
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise ReportError(wrong, field=field) from None
    if day.isoformat() != asked or not _FIRST <= day <= _LAST:
        raise ReportError(wrong, field=field)
    return day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
