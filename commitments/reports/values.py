"""What was given: the spread for each kind and cause, and what lay outside of the usual.

Of the promises first due in the period, those with a value that was given or is going to be. A
value belongs to the cause of what it makes up for, where it makes up for something.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from commitments.models import ValueReason
from commitments.models.commitment import CommitmentQuerySet
from commitments.models.valuing import given
from commitments.rules import causes
from commitments.rules.usual_value import ENOUGH, HIGH, LOW, MIDDLE, rank

from .scope import Scope

_GROUP = ("kind", "because", "currency")
_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Of one kind, in one currency, for one cause ("" where it makes up for nothing known).

    `low` and `high` hold the middle eight of ten, as `rules.usual_value` says.
    """

    kind: int
    label: str
    cause: str
    currency: str
    count: int
    least: Decimal
    low: Decimal
    median: Decimal
    high: Decimal
    most: Decimal

    @property
    def cause_said(self) -> str:
        return causes.said(self.cause)

    @property
    def is_too_few(self) -> bool:
        """Nothing is usual yet, so nobody was asked for a reason."""
        return self.count < ENOUGH


def spread(scope: Scope) -> tuple[Spread, ...]:
    """By kind and cause, those with the most promises on top; two queries, however many."""
    groups = _valued(scope).order_by().values(*_GROUP, "kind__name")
    counted = groups.annotate(count=Count("pk"), least=Min("value"), most=Max("value"))
    marks = _marks(scope)
    found = [_spread(row, marks[tuple(row[name] for name in _GROUP)]) for row in counted]
    return tuple(sorted(found, key=lambda each: (-each.count, each.label, each.cause)))


def outside(scope: Scope) -> QuerySet[ValueReason]:
    """Values that were not usual when they were entered, with the reason; the newest on top."""
    reasons = ValueReason.objects.filter(commitment__in=given(scope.promises()))
    related = ("by", "commitment__kind", "commitment__customer", "commitment__follows")
    return reasons.select_related(*related).order_by("-at", "-pk")


def _valued(scope: Scope) -> CommitmentQuerySet:
    return given(scope.promises()).annotate(because=Coalesce("follows__cause", Value("")))


def _marks(scope: Scope) -> dict[tuple[Any, ...], list[Decimal]]:  # Any: values of a row
    """Of each group the values at its low end, in its middle and at its high end.

    Neither database sorts within groups alike by a function of its own, but both number rows.
    """
    group = [F(name) for name in _GROUP]
    ranked = _valued(scope).annotate(
        place=Window(RowNumber(), partition_by=group, order_by=[F("value"), F("pk")]),
        of=Window(Count("pk"), partition_by=group),
    )
    is_mark = Q()
    for tenths in (LOW, MIDDLE, HIGH):
        # The nearest rank, rounded up in whole numbers.
        is_mark |= Q(place=(F("of") * tenths + 9) / 10)
    rows = (
        ranked.filter(is_mark).order_by("value", "pk").values_list(*_GROUP, "value", "place", "of")
    )
    found: dict[tuple[Any, ...], list[Decimal]] = {}
    for *key, value, place, count in rows:
        times = sum(rank(count, tenths) == place for tenths in (LOW, MIDDLE, HIGH))
        found.setdefault(tuple(key), []).extend([value] * times)
    return found


def _spread(row: dict[str, Any], marks: list[Decimal]) -> Spread:  # Any: columns
    low, median, high = marks
    return Spread(
        kind=row["kind"],
        label=row["kind__name"],
        cause=row["because"],
        currency=row["currency"],
        count=row["count"],
        least=_cents(row["least"]),
        low=_cents(low),
        median=_cents(median),
        high=_cents(high),
        most=_cents(row["most"]),
    )


def _cents(value: Decimal) -> Decimal:
    """With both places, also where a database leaves out noughts."""
    return value.quantize(_CENT)
