"""Why promises break: those first due in the period of a scope that were late, not kept, or are
overdue; the same that count against the kept rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay, Least

from commitments.models import Event, EventKind
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import causes as rules

from . import parts
from .scope import Scope

NOT_SAID = "Nobody has said why yet"


@dataclass(frozen=True, kw_only=True)
class Broke:
    """Promises that broke for one cause, and how many customers that hit."""

    cause: str
    label: str
    promises: int
    customers: int


@dataclass(frozen=True, kw_only=True)
class HandOffs:
    """Promises that broke, by how often they had changed hands."""

    times: int  # 2 stands for two or more
    label: str
    promises: int


def causes(scope: Scope) -> tuple[Broke, ...]:
    """The most frequent first, and what nobody has explained yet at the end. One query."""
    rows = (
        broken(scope)
        .order_by()
        .values("cause")
        .annotate(promises=Count("pk"), customers=Count("customer", distinct=True))
    )
    found = [Broke(label=rules.said(row["cause"]) or NOT_SAID, **row) for row in rows]
    return tuple(sorted(found, key=lambda each: (not each.cause, -each.promises, each.label)))


def heat(scope: Scope) -> tuple[tuple[int, ...], ...]:
    """Seven rows, Monday first, of 24 hours each, as the reader's clocks show them: how many
    promises were broken then. Each counts once, at the due time that it let pass last; what was
    given up before its time is not among them. One query.
    """
    zone = ZoneInfo(scope.viewer.zone)
    rows = (
        broken(scope)
        .filter(breached_at__isnull=False)
        .order_by()
        .annotate(
            weekday=ExtractIsoWeekDay("breached_at", tzinfo=zone),
            hour=ExtractHour("breached_at", tzinfo=zone),
        )
        .values_list("weekday", "hour")
        .annotate(promises=Count("pk"))
    )
    counts = {(weekday, hour): promises for weekday, hour, promises in rows}
    return tuple(
        tuple(counts.get((weekday, hour), 0) for hour in range(24)) for weekday in range(1, 8)
    )


def hand_offs(scope: Scope) -> tuple[HandOffs, ...]:
    """Never handed on, once, and more often; each also where it is 0. One query."""
    rows = (
        broken(scope)
        .order_by()
        .annotate(times=_times_handed())
        .values_list("times")
        .annotate(promises=Count("pk"))
    )
    counts = dict(rows)
    labels = ("Never handed on", "Handed on once", "Handed on twice or more")
    return tuple(
        HandOffs(times=times, label=label, promises=counts.get(times, 0))
        for times, label in enumerate(labels)
    )


def broken(
    scope: Scope,
    cause: str | None = None,
    *,
    weekday: int | None = None,
    hour: int | None = None,
) -> CommitmentQuerySet:
    """The promises behind these figures. `cause` "" are those without one; `weekday` 0 is Monday,
    and with `hour` it is that of the due time they let pass.
    """
    found = scope.promises().filter(parts.not_kept(scope.at))
    if cause is not None:
        found = found.filter(cause=cause)
    zone = ZoneInfo(scope.viewer.zone)
    if weekday is not None:
        on = ExtractIsoWeekDay("breached_at", tzinfo=zone)
        found = found.alias(weekday=on).filter(weekday=weekday + 1)
    if hour is not None:
        found = found.alias(hour=ExtractHour("breached_at", tzinfo=zone)).filter(hour=hour)
    return found


def handed(scope: Scope, times: int | None = None) -> CommitmentQuerySet:
    """Those that broke and had changed hands: at all, or so often (2: twice or more)."""
    found = broken(scope).alias(times=_times_handed())
    return found.filter(times__gt=0) if times is None else found.filter(times=times)


def _times_handed() -> Least:
    """0, 1, or 2 for more: what was taken back has not been."""
    given = Event.objects.filter(commitment=OuterRef("pk"), kind=EventKind.REASSIGNED)
    counted = given.not_taken_back().order_by().values("commitment")
    return Least(Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0), 2)
