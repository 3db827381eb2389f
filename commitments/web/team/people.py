"""Who works in a team, whether they are at work now, and what each of them has on their hands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber, TruncDate

from commitments import messages
from commitments.models import Commitment, Membership, Team, User
from commitments.models.commitment import untold
from commitments.models.people import KEEPING
from commitments.rules import saying, wall_clock
from commitments.rules.lifecycle import Status

EACH = 5  # rows of one person and one sort; the others are counted and a link away
BUCKETS = ("overdue", "today", "later", "waiting")
_DAYS_AHEAD = timedelta(days=7)


@dataclass(kw_only=True)
class Load:
    """What is open in somebody's name: how many of each sort, and the first rows of it."""

    counts: dict[str, int] = field(default_factory=dict)
    silent: int = 0  # overdue, and their customers have not been told
    rows: dict[str, list[Commitment]] = field(default_factory=lambda: defaultdict(list))
    by_day: dict[date, int] = field(default_factory=dict)

    @property
    def now(self) -> int:
        """What has to be dealt with today."""
        return self.counts.get("overdue", 0) + self.counts.get("today", 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who keeps promises of the team, or None for what nobody owns."""

    user: User | None
    capacity: int
    is_on_shift: bool
    why: str  # why not, or that they are
    load: Load

    @property
    def needs_cover(self) -> bool:
        return not self.is_on_shift and self.load.now > 0


def of(team: Team, *, reader: User, now: datetime) -> list[Person]:
    """Everybody who keeps promises here, the unowned ones first, then by name.

    As many queries for a hundred people as for one.
    """
    live = Commitment.objects.filter(team=team).live()
    midnight = wall_clock.midnight_after(now, ZoneInfo(reader.zone))
    loads = _loads(live, zone=reader.zone, midnight=midnight, now=now)
    roster = messages.Roster(now=now)
    roster.know({team.pk})
    members = Membership.objects.filter(
        team=team, role__in=KEEPING, user__is_active=True
    ).select_related("user")
    here = {member.user_id: member for member in members}
    found = [
        _person(member, loads, roster, zone=reader.zone, now=now)
        for member in sorted(here.values(), key=lambda one: str(one.user).casefold())
    ]
    left = User.objects.in_bulk([pk for pk in loads if pk is not None and pk not in here])
    gone = [
        _without_shift(user, f"{user.first_name} is not in this team any more", loads[user.pk])
        for user in left.values()
    ]
    nobodys = [_without_shift(None, "Nobody owns these yet", loads[None])] if None in loads else []
    return [*nobodys, *gone, *found]


def _person(
    member: Membership,
    loads: dict[int | None, Load],
    roster: messages.Roster,
    *,
    zone: str,
    now: datetime,
) -> Person:
    on_shift = roster.is_on_duty(member.user, member.team_id)
    return Person(
        user=member.user,
        capacity=member.daily_capacity,
        is_on_shift=on_shift,
        why="On shift" if on_shift else _why_not(member, roster, zone=zone, now=now),
        load=loads.get(member.user_id, Load()),
    )


def _without_shift(user: User | None, why: str, load: Load) -> Person:
    return Person(user=user, capacity=0, is_on_shift=False, why=why, load=load)


def _why_not(member: Membership, roster: messages.Roster, *, zone: str, now: datetime) -> str:
    back = roster.work_resumes_at(member.user, member.team_id)
    why = "Away" if roster.is_away(member.user) else "Hours over"
    if back is None:
        return why
    return f"{why} until {saying.say_time_inside(back, zone=zone, now=now)}"


def _loads(
    live: QuerySet[Commitment], *, zone: str, midnight: datetime, now: datetime
) -> dict[int | None, Load]:
    """By owner; None is nobody."""
    sorted_out = live.annotate(
        bucket=Case(
            When(status=Status.WAITING, then=Value("waiting")),
            When(due_at__lt=now, then=Value("overdue")),
            When(due_at__lt=midnight, then=Value("today")),
            default=Value("later"),
        )
    )
    loads: dict[int | None, Load] = defaultdict(Load)
    silent = Q(bucket="overdue") & untold()
    counted = sorted_out.order_by().values("owner_id", "bucket")
    for row in counted.annotate(many=Count("pk"), silent=Count("pk", filter=silent)):
        load = loads[row["owner_id"]]
        load.counts[row["bucket"]] = row["many"]
        load.silent += row["silent"]
    for promise in _first_rows(sorted_out):
        loads[promise.owner_id].rows[promise.bucket].append(promise)  # type: ignore[attr-defined]  # annotated
    _count_days(loads, live, zone=zone, midnight=midnight)
    return dict(loads)


def _first_rows(sorted_out: QuerySet[Commitment]) -> Iterable[Commitment]:
    """Of each person and sort those due first."""
    place = Window(
        RowNumber(), partition_by=[F("owner"), F("bucket")], order_by=[F("due_at"), F("pk")]
    )
    first = sorted_out.annotate(place=place).filter(place__lte=EACH)
    return first.select_related("customer", "kind").order_by("due_at", "pk")


def _count_days(
    loads: dict[int | None, Load], live: QuerySet[Commitment], *, zone: str, midnight: datetime
) -> None:
    """How many are due on each of the next days."""
    there = ZoneInfo(zone)
    ends = wall_clock.midnight(midnight.astimezone(there).date() + _DAYS_AHEAD, there)
    ahead = live.filter(status=Status.OPEN, due_at__gte=midnight, due_at__lt=ends)
    by_day = ahead.annotate(on=TruncDate("due_at", tzinfo=there)).order_by()
    for row in by_day.values("owner_id", "on").annotate(many=Count("pk")):
        loads[row["owner_id"]].by_day[row["on"]] = row["many"]
