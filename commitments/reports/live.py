"""What is late now, what is about to be, and who has it: read live, whenever it was promised.

Overdue is open and past its due time, told or not. What the customer disputes is counted apart, and
among the overdue as well where it is open and late. One query walks an index of what is open and
counts by team and person; every figure here is a sum over those few rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NotRequired, TypedDict, cast
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When

from commitments.models import Team, User
from commitments.models.commitment import CommitmentQuerySet, told
from commitments.rules import wall_clock

from .duty import Duty, ago, days_ago
from .fresh import oldest_change
from .lately import SOON
from .scope import Scope

# How long the customers have waited, in working time of the team: code, label, the longest first.
WAITS: Final = (
    ("over_3_days", "Over 3 working days"),
    ("2_to_3_days", "2 to 3 working days"),
    ("1_day", "1 working day"),
    ("2h_to_8h", "2 to 8 hours"),
    ("under_2h", "Under 2 hours"),
)
_LATE: Final = range(len(WAITS))  # a bucket's number is its place in the list
_SOON_TODAY, _SOON, _TODAY, _LATER = range(len(WAITS), len(WAITS) + 4)
_DUE_SOON: Final = frozenset({_SOON_TODAY, _SOON})
_DUE_TODAY: Final = frozenset({_SOON_TODAY, _TODAY})


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What is late at one instant, and what is about to be."""

    overdue: int
    not_told: int
    customers_not_told: int
    due_soon: int
    due_soon_without_owner_on_shift: int
    disputed: int

    @property
    def told(self) -> int:
        return self.overdue - self.not_told


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Overdue promises by how long their customers have waited in working time."""

    code: str
    label: str
    told: int
    not_told: int

    @property
    def overdue(self) -> int:
        return self.told + self.not_told


@dataclass(frozen=True, kw_only=True)
class Load:
    """Open promises of one team or one person. `pk` is None for what nobody owns."""

    pk: int | None
    label: str
    overdue: int
    due_today: int
    later: int
    not_told: int

    @property
    def open(self) -> int:
        return self.overdue + self.due_today + self.later


class _Beside(TypedDict):
    """The same in every row."""

    customers: int | None
    disputed: int | None
    fresh: NotRequired[datetime | None]


class _Row(_Beside):
    team_id: int
    owner_id: int | None
    bucket: int
    n: int
    told: int
    owner_name: str | None


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at all that is open: three queries, however much there is of it.

    `fresh` is how fresh the figures of history are, where these stand beside it.
    """

    rows: tuple[_Row, ...]
    duty: Duty
    customers_not_told: int
    disputed: int
    fresh: datetime | None = None

    @classmethod
    def at(cls, scope: Scope, *, now: datetime) -> Look:
        return cls._with(_beside(scope, now=now), scope, now=now)

    @classmethod
    def beside_history(cls, scope: Scope, *, now: datetime) -> Look:
        """The same, with how fresh history is: read along, it costs no query."""
        oldest = Subquery(oldest_change(scope, now).values("at"))
        return cls._with(_beside(scope, now=now) | {"fresh": oldest}, scope, now=now)

    @classmethod
    def _with(cls, beside: Mapping[str, Subquery], scope: Scope, *, now: datetime) -> Look:
        duty = Duty.of(scope.teams, now=now)
        rows = tuple(_rows(scope, duty, beside, now=now))
        found = rows[0] if rows else _alone(scope, beside)
        return cls(
            rows=rows,
            duty=duty,
            customers_not_told=found["customers"] or 0,
            disputed=found["disputed"] or 0,
            fresh=(found["fresh"] or now) if "fresh" in found else None,
        )

    def overdue(self) -> Overdue:
        late = [row for row in self.rows if row["bucket"] in _LATE]
        soon = [row for row in self.rows if row["bucket"] in _DUE_SOON]
        on_shift = self.duty.at_work_before(self.duty.now + SOON)
        without = [row for row in soon if row["owner_id"] not in on_shift.get(row["team_id"], ())]
        overdue = _sum(late)
        return Overdue(
            overdue=overdue,
            not_told=overdue - sum(row["told"] for row in late),
            customers_not_told=self.customers_not_told,
            due_soon=_sum(soon),
            due_soon_without_owner_on_shift=_sum(without),
            disputed=self.disputed,
        )

    def waits(self) -> tuple[Wait, ...]:
        """The shortest wait first; every bucket, also where it is empty."""
        waits = []
        for bucket, (code, label) in enumerate(WAITS):
            rows = [row for row in self.rows if row["bucket"] == bucket]
            told = sum(row["told"] for row in rows)
            waits.append(Wait(code=code, label=label, told=told, not_told=_sum(rows) - told))
        return tuple(reversed(waits))

    def open_by(self, by: Literal["team", "owner"]) -> tuple[Load, ...]:
        """Who has most of it overdue first, then who has most of it."""
        groups: dict[int | None, list[_Row]] = defaultdict(list)
        for row in self.rows:
            groups[row["team_id"] if by == "team" else row["owner_id"]].append(row)
        names = self.duty.names if by == "team" else _owners(self.rows)
        loads = [_load(pk, rows, label=names[pk]) for pk, rows in groups.items()]
        return tuple(sorted(loads, key=lambda load: (-load.overdue, -load.open, load.label)))


def overdue(scope: Scope, now: datetime) -> Overdue:
    return Look.at(scope, now=now).overdue()


def waits(scope: Scope, now: datetime) -> tuple[Wait, ...]:
    return Look.at(scope, now=now).waits()


def waited(among: CommitmentQuerySet, code: str, *, now: datetime) -> CommitmentQuerySet:
    """Those that are overdue and whose customers have waited so long; none for an unknown code."""
    codes = [known for known, _ in WAITS]
    if code not in codes:
        return among.none()
    duty = Duty.of(Team.objects.values_list("pk", flat=True), now=now)
    bucket = _bucket(duty, end_of_today=now + SOON, now=now)
    return among.overdue(now).alias(bucket=bucket).filter(bucket=codes.index(code))


def without_owner_on_shift(among: CommitmentQuerySet, *, now: datetime) -> CommitmentQuerySet:
    """Due soon, and whoever owns it is not at work before that; or nobody owns it."""
    soon = now + SOON
    duty = Duty.of(Team.objects.values_list("pk", flat=True), now=now)
    unattended = Q(owner=None) | ~duty.somebody_before(soon)
    return among.due_between(now, soon).filter(unattended)


def _rows(
    scope: Scope, duty: Duty, beside: Mapping[str, Subquery], *, now: datetime
) -> Iterable[_Row]:
    """Of what is open: how many by team, person, bucket and whether the customer was told."""
    midnight = wall_clock.midnight_after(now, ZoneInfo(scope.viewer.zone))
    names = User.objects.filter(pk=OuterRef("owner_id"))
    rows = (
        scope.whenever()
        .open()
        .order_by()
        .annotate(bucket=_bucket(duty, end_of_today=midnight, now=now))
        .values("team_id", "owner_id", "bucket")
        .annotate(
            # Of a column that stands in the index: no row is looked at for it.
            n=Count("due_at"),
            told=Count("due_at", filter=told()),
            **beside,
        )
        # Asked for each row of the answer: a join would look at each promise for it.
        .annotate(owner_name=Subquery(names.values("name")))
    )
    return cast("Iterable[_Row]", rows)  # as `values` names them


def _beside(scope: Scope, *, now: datetime) -> dict[str, Subquery]:
    """What is read along, so that nobody has to ask again."""
    silent = scope.whenever().not_told(now).order_by()
    customers = silent.annotate(one=Value(1)).values("one")
    disputed = _disputed(scope).order_by().annotate(one=Value(1)).values("one")
    return {
        "customers": Subquery(customers.annotate(n=Count("customer", distinct=True)).values("n")),
        "disputed": Subquery(disputed.annotate(n=Count("pk")).values("n")),
    }


def _alone(scope: Scope, beside: Mapping[str, Subquery]) -> _Beside:
    """Where nothing is open: what is closed may be disputed all the same."""
    asking = User.objects.filter(pk=scope.viewer.pk)
    return cast("_Beside", asking.values(**beside).get())  # as `values` names it


def _disputed(scope: Scope) -> CommitmentQuerySet:
    return scope.whenever().filter(disputed_at__isnull=False)


def _bucket(duty: Duty, *, end_of_today: datetime, now: datetime) -> Case:
    """The number of the bucket that a due time falls into, by the hours of its team."""
    calendars = duty.teams_by_calendar()
    cases = []
    for calendar, teams in calendars.items():
        ends = _ends(duty, calendar, end_of_today=end_of_today, now=now)
        falls = Case(
            *(When(due_at__lt=end, then=Value(bucket)) for end, bucket in ends),
            default=Value(_LATER),
            output_field=IntegerField(),
        )
        if len(calendars) == 1:
            return falls
        cases.append(When(team__in=teams, then=falls))
    return Case(*cases, default=Value(_LATER), output_field=IntegerField())


def _ends(
    duty: Duty, calendar: int, *, end_of_today: datetime, now: datetime
) -> list[tuple[datetime, int]]:
    """Where each bucket ends, the earliest first. What was due less than two working hours ago
    waits "under 2 hours"; from the third working day on, "over 3 days"."""
    hours = duty.hours[calendar]
    two, eight = (ago(hours, now, timedelta(hours=count)) for count in (2, 8))
    two_days = min(days_ago(hours, now, 2), eight)
    three_days = min(days_ago(hours, now, 3), two_days)
    late = zip((three_days, two_days, eight, two, now), _LATE, strict=True)
    soon = now + SOON
    ahead = sorted({soon, end_of_today})
    both, other = ahead[0], ahead[-1]
    between = _TODAY if end_of_today > soon else _SOON
    return [*late, (both, _SOON_TODAY), (other, between)]


def _sum(rows: Iterable[_Row]) -> int:
    return sum(row["n"] for row in rows)


def _owners(rows: Iterable[_Row]) -> dict[int | None, str]:
    return {row["owner_id"]: row["owner_name"] or "Nobody" for row in rows}


def _load(pk: int | None, rows: list[_Row], *, label: str) -> Load:
    late = [row for row in rows if row["bucket"] in _LATE]
    today = [row for row in rows if row["bucket"] in _DUE_TODAY]
    overdue, due_today = _sum(late), _sum(today)
    return Load(
        pk=pk,
        label=label,
        overdue=overdue,
        due_today=due_today,
        later=_sum(rows) - overdue - due_today,
        not_told=overdue - sum(row["told"] for row in late),
    )
