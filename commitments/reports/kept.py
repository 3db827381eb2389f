"""How promises ended, and how long it took: those first due in the period of a scope.

**Kept rate** = (on time + moved) / (on time + moved + late + not kept + overdue). What the customer
no longer wanted and what was logged by mistake count nowhere, unless their time had passed; what is
not yet due stands beside it as pending. "On time" alone is always shown first, and always with n.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncWeek

from commitments.models import KeptFigure
from commitments.models.commitment import CommitmentQuerySet
from commitments.models.local_day import FIRST_DUE_ON

from . import parts
from .lasting import Lasted, done, time_to_keep
from .scope import Scope

__all__ = ["Kept", "Lasted", "counted", "kept", "time_to_keep"]

By: TypeAlias = Literal["all", "week", "team", "kind", "owner"]
Key: TypeAlias = int | date | None

ENOUGH: Final = 10  # promises, before a rate says anything


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One group: `key` is the Monday, or the id of a team, kind or person, or None."""

    key: Key
    label: str
    on_time: int = 0
    moved: int = 0
    late: int = 0
    broken: int = 0
    overdue: int = 0
    pending: int = 0
    released: int = 0
    void: int = 0
    attempted: int = 0

    @property
    def n(self) -> int:
        """Those of which the rate is worked out."""
        return self.on_time + self.moved + self.late + self.broken + self.overdue

    @property
    def on_time_share(self) -> float | None:
        return self.on_time / self.n if self.n else None

    @property
    def kept_share(self) -> float | None:
        return (self.on_time + self.moved) / self.n if self.n else None

    @property
    def is_too_few(self) -> bool:
        return self.n < ENOUGH


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """How rows are put together: the column that names the group, and the words for it."""

    key: str
    label: str


GROUPINGS: Final = {
    "team": Grouping(key="team_id", label="team__name"),
    "kind": Grouping(key="kind_id", label="kind__name"),
    "owner": Grouping(key="owner_id", label="owner__name"),
}


def kept(scope: Scope, by: By = "all") -> tuple[Kept, ...]:
    """Of each week that has a day in the period, also where nothing was due; else of each group
    that has a promise, by name. One query.
    """
    counts: dict[str, Any] = {part: Sum(part, default=0) for part in parts.PARTS}  # Any: aggregates
    within = (scope.period.since, scope.period.until)
    figures = KeptFigure.objects.filter(scope.chosen(), day__range=within).order_by()
    if by == "all":
        return (Kept(key=None, label="All", **figures.aggregate(**counts)),)
    if by == "week":
        weekly = figures.annotate(key=TruncWeek("day")).values("key").annotate(**counts)
        return of_weeks(scope, weekly)
    named = GROUPINGS[by]
    return of_groups(figures.values(key=F(named.key), label=F(named.label)).annotate(**counts))


def kept_from_facts(scope: Scope, by: By = "all") -> tuple[Kept, ...]:
    """The same, counted from the promises themselves: what figures of a day must come to."""
    conditions = parts.of(scope.at)
    counts = {part: Count("pk", filter=conditions[part]) for part in parts.PARTS}
    promises = scope.promises().order_by()
    if by == "all":
        return (Kept(key=None, label="All", **promises.aggregate(**counts)),)
    if by == "week":
        weekly = promises.annotate(key=TruncWeek(FIRST_DUE_ON)).values("key").annotate(**counts)
        return of_weeks(scope, weekly)
    named = GROUPINGS[by]
    grouped = promises.values(key=F(named.key), label=F(named.label)).annotate(**counts)
    return of_groups(grouped)


def of_weeks(scope: Scope, rows: Any) -> tuple[Kept, ...]:  # Any: rows of `values`
    counted = {row.pop("key"): row for row in rows}
    return tuple(
        Kept(key=monday, label=f"{monday.day} {monday:%b}", **counted.get(monday, {}))
        for monday in scope.period.weeks()
    )


def of_groups(rows: Any) -> tuple[Kept, ...]:  # Any: rows of `values`, named as the columns
    found = [Kept(**row | {"label": row["label"] or "Nobody"}) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.key is None, each.label.casefold())))


def counted(scope: Scope, part: str = "all") -> CommitmentQuerySet:
    """The promises behind a number; "all" are those of which the rate is worked out, and "done"
    those of which it is said how long they took.
    """
    conditions = parts.of(scope.at)
    if part == "done":
        return done(scope.promises())
    if part == "all":
        whole = Q()
        for name in parts.COUNTED:
            whole |= conditions[name]
        return scope.promises().filter(whole)
    return (
        scope.promises().filter(conditions[part])
        if part in conditions
        else (scope.promises().none())
    )
