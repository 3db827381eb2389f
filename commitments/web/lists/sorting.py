"""In which order promises are listed, and how a page of them is found among a million.

By time there is an index: of what is live, and of what is closed. Anything else is sorted only
where no more are chosen than the list shows in the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from django.db.models import Case, F, When
from django.db.models.expressions import OrderBy

from commitments import lengths
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules.lifecycle import LIVE

_COLUMNS = {
    "promise": ("wording", "customer__name"),
    "kind": ("kind__name", "team__name"),
    "owner": ("owner__name",),
    "state": ("status", "outcome"),
}
_OPEN_FIRST: Sequence[OrderBy | str] = (
    *(Case(When(status__in=LIVE, then=F(each))).asc(nulls_last=True) for each in ("due_at", "pk")),
    *("-due_at", "-pk"),
)
SORTS = ("due", "-due", *_COLUMNS, *(f"-{name}" for name in _COLUMNS))


def most() -> int:
    """So many are counted and paged through. Who looks for one among more narrows them."""
    return lengths.current().listed_at_most


class Half(NamedTuple):
    promises: CommitmentQuerySet
    order: tuple[str, str]  # as it is listed where nobody asks for another


class Listed(NamedTuple):
    """What there is to be listed: the live, the closed, or both."""

    chosen: CommitmentQuerySet
    live: bool
    closed: bool

    def halves(self) -> list[Half]:
        """What is live, the longest overdue on top; what is closed, the latest on top.

        Where all that is chosen is live that is not said again: of a condition that stands twice
        PostgreSQL expects a tenth of a tenth.
        """
        found = []
        if self.live:
            live = self.chosen.live() if self.closed else self.chosen
            found.append(Half(live, ("due_at", "pk")))
        if self.closed:
            closed = self.chosen.exclude(status__in=LIVE)
            found.append(Half(closed, ("-due_at", "-pk")))
        return found


def count(chosen: CommitmentQuerySet) -> int:
    """How many there are, up to one more than are listed."""
    return _count(chosen, most() + 1)


def count_by_halves(listed: Listed) -> int:
    """The same where no index holds both: of what is somebody's."""
    found = 0
    for half in listed.halves():
        if found <= most():
            found += _count(half.promises, most() + 1 - found)
    return found


def _count(promises: CommitmentQuerySet, upto: int) -> int:
    return promises.order_by().values("pk")[:upto].count()


def page(listed: Listed, sort: str, *, start: int, end: int) -> list[int]:
    """The ids from one place of the list to another."""
    if sort.lstrip("-") in _COLUMNS:
        return whole(listed.chosen, sort)[start:end]
    if sort:
        return _by_time(listed, descending=sort.startswith("-"), upto=end)[start:end]
    return _open_first(listed, upto=end)[start:end]


def whole(chosen: CommitmentQuerySet, sort: str) -> list[int]:
    """The ids of all, up to one more than are listed, in one query: of what has no index that
    follows the order, or takes its time to be found.
    """
    return list(chosen.order_by(*_order(sort)).values_list("pk", flat=True)[: most() + 1])


def _order(sort: str) -> Sequence[OrderBy | str]:
    if not sort:
        return _OPEN_FIRST
    column, descending = sort.lstrip("-"), sort.startswith("-")
    if column not in _COLUMNS:
        return ("-due_at", "-pk") if descending else ("due_at", "pk")
    values = [F(each) for each in _COLUMNS[column]]
    return [
        *(
            each.desc(nulls_last=True) if descending else each.asc(nulls_last=True)
            for each in values
        ),
        *("due_at", "pk"),
    ]


def _open_first(listed: Listed, *, upto: int) -> list[int]:
    """The second half where the first does not fill the page."""
    found: list[int] = []
    for promises, order in listed.halves():
        if len(found) < upto:
            found += promises.order_by(*order).values_list("pk", flat=True)[: upto - len(found)]
    return found


def _by_time(listed: Listed, *, descending: bool, upto: int) -> list[int]:
    """Each half lies in an index of its own; together they are merged."""
    order = ("-due_at", "-pk") if descending else ("due_at", "pk")
    found: list[Sequence[tuple[datetime, int]]] = [
        list(half.promises.order_by(*order).values_list("due_at", "pk")[:upto])
        for half in listed.halves()
    ]
    return [pk for _, pk in merge(*found, reverse=descending)]
