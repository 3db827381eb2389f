"""In which order promises are listed, and how a page of them is found among a million.

By time there is an index: of what is live, and of what is closed. Anything else is sorted only
where no more are chosen than the list shows in the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from django.db.models import F, Q

from commitments import lengths
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules.lifecycle import LIVE

_COLUMNS = {
    "promise": ("wording", "customer__name"),
    "kind": ("kind__name", "team__name"),
    "owner": ("owner__name",),
    "state": ("status", "outcome"),
}
SORTS = ("due", "-due", *_COLUMNS, *(f"-{name}" for name in _COLUMNS))


def most() -> int:
    """So many are counted and paged through. Who looks for one among more narrows them."""
    return lengths.current().listed_at_most


class Listed(NamedTuple):
    """What there is to be listed: the live, the closed, or both."""

    chosen: CommitmentQuerySet
    live: bool
    closed: bool


def due_soon(among: CommitmentQuerySet, *, now: datetime) -> CommitmentQuerySet:
    """Open, not overdue, and soon: what `states.is_soon` asks of one promise."""
    owed = Q(next_action="step", next_action_at__lte=now)
    return among.open().filter(due_at__gte=now).filter(Q(climbed__gt=0) | owed)


def count(chosen: CommitmentQuerySet) -> int:
    """How many there are, up to one more than are listed."""
    return chosen.order_by().values("pk")[: most() + 1].count()


def page(listed: Listed, sort: str, *, start: int, end: int) -> list[int]:
    """The ids from one place of the list to another."""
    if sort.lstrip("-") in _COLUMNS:
        return _by_column(listed.chosen, sort)[start:end]
    if sort:
        return _by_time(listed, descending=sort.startswith("-"), upto=end)[start:end]
    return _open_first(listed, upto=end)[start:end]


def _by_column(chosen: CommitmentQuerySet, sort: str) -> list[int]:
    descending = sort.startswith("-")
    order = [
        F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_last=True)
        for column in _COLUMNS[sort.lstrip("-")]
    ]
    return list(chosen.order_by(*order, "due_at", "pk").values_list("pk", flat=True)[: most()])


def _open_first(listed: Listed, *, upto: int) -> list[int]:
    """What is live, the longest overdue on top; then what is closed, the latest on top."""
    found: list[int] = []
    if listed.live:
        live = listed.chosen.live().order_by("due_at", "pk")
        found = list(live.values_list("pk", flat=True)[:upto])
    if listed.closed and len(found) < upto:
        closed = listed.chosen.exclude(status__in=LIVE).order_by("-due_at", "-pk")
        found += closed.values_list("pk", flat=True)[: upto - len(found)]
    return found


def _by_time(listed: Listed, *, descending: bool, upto: int) -> list[int]:
    """Each half lies in an index of its own; together they are merged."""
    order = ("-due_at", "-pk") if descending else ("due_at", "pk")
    halves = []
    if listed.live:
        halves.append(listed.chosen.live())
    if listed.closed:
        halves.append(listed.chosen.exclude(status__in=LIVE))
    found: list[Sequence[tuple[datetime, int]]] = [
        list(half.order_by(*order).values_list("due_at", "pk")[:upto]) for half in halves
    ]
    return [pk for _, pk in merge(*found, reverse=descending)]
