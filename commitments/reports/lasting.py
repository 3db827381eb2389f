"""How long it takes to keep a promise, in working time without what the customer took of it.

Lengths are counted on a ladder whose rungs are a tenth apart: a median read from it is at most 5 %
off, and what a day adds to it is a few small numbers. Rung and length are of minutes, plus one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Count, F, FloatField, IntegerField, Sum
from django.db.models.functions import Cast, Floor, Ln

from commitments.models import LastingFigure
from commitments.models.commitment import CommitmentQuerySet

from .scope import Scope

_RUNGS_TO_E: Final = 10  # each e^(1/10), about a tenth, longer than the one before
RUNG: Final = Cast(
    Floor(Ln(Cast(F("took_minutes") + 1, FloatField())) * float(_RUNGS_TO_E)), IntegerField()
)


@dataclass(frozen=True, kw_only=True)
class Lasted:
    """Promises of one kind that were kept; None where there is none. `kind` None is all of them."""

    kind: int | None
    label: str
    n: int
    median: timedelta | None
    nine_in_ten: timedelta | None


def time_to_keep(scope: Scope) -> tuple[Lasted, ...]:
    """All together first, then each kind by name. One query."""
    if scope.owner is not None:
        # Of one person there are few, and figures of a day do not tell whose a length is.
        return time_to_keep_from_facts(scope)
    within = (scope.period.since, scope.period.until)
    figures = LastingFigure.objects.filter(scope.chosen(), day__range=within).order_by()
    return of_rows(figures.values_list("kind_id", "kind__name", "rung").annotate(total=Sum("n")))


def time_to_keep_from_facts(scope: Scope) -> tuple[Lasted, ...]:
    """The same, counted from the promises themselves."""
    rows = (
        done(scope.promises())
        .order_by()
        .annotate(rung=RUNG)
        .values_list("kind_id", "kind__name", "rung")
        .annotate(n=Count("pk"))
    )
    return of_rows(rows)


def done(among: CommitmentQuerySet) -> CommitmentQuerySet:
    """Those that were kept, on time or not, and whose length is known."""
    return among.filter(took_minutes__isnull=False)


def of_rows(rows: Iterable[tuple[int, str, int, int]]) -> tuple[Lasted, ...]:
    """From kind, its name, rung and how many stand on it."""
    everything: Counter[int] = Counter()
    kinds: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
    for kind, name, rung, n in rows:
        everything[rung] += n
        kinds[name, kind][rung] += n
    ordered = sorted(kinds.items(), key=lambda pair: (pair[0][0].casefold(), pair[0][1]))
    return (
        _lasted(None, "All kinds", everything),
        *(_lasted(kind, name, steps) for (name, kind), steps in ordered),
    )


def _lasted(kind: int | None, label: str, steps: Mapping[int, int]) -> Lasted:
    return Lasted(
        kind=kind,
        label=label,
        n=sum(steps.values()),
        median=within_which(steps, share=0.5),
        nine_in_ten=within_which(steps, share=0.9),
    )


def within_which(steps: Mapping[int, int], *, share: float) -> timedelta | None:
    """The length within which this share was kept; None of nothing."""
    left = math.ceil(sum(steps.values()) * share)
    for rung in sorted(steps):
        left -= steps[rung]
        if left <= 0:
            return length_of(rung)
    return None


def length_of(rung: int) -> timedelta:
    """The middle of what stands on a rung, in whole minutes."""
    return timedelta(minutes=round(math.exp((rung + 0.5) / _RUNGS_TO_E) - 1))
