"""The overdue promises themselves, the longest wait first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.db.models.expressions import OrderBy
from django.http import QueryDict

from commitments.models import Commitment
from commitments.reports.scope import Scope
from commitments.rules import saying
from commitments.web.lists import all_promises, sorting
from commitments.web.lists.all_promises import Header

PAGE: Final = 25
_UNANSWERED: Final = 10
# What each column is sorted by.
_COLUMNS: Final = {
    "promise": ("Promise", ("wording", "customer__name")),
    "kind": ("Kind and team", ("kind__name", "team__name")),
    "owner": ("Owner", ("owner__name",)),
    "late": ("Late by", ("due_at",)),
    "told": ("Customer", ("told_at",)),
}
_LONGEST_FIRST: Final = "-late"


@dataclass(frozen=True, kw_only=True)
class Row:
    promise: Commitment
    late: str
    not_told: bool


@dataclass(frozen=True, kw_only=True)
class Table:
    """`asked` is the address without the page. Of more than are listed the longest waits are."""

    count: int
    page: Page[int]
    rows: Sequence[Row]
    headers: Sequence[Header]
    asked: str

    @property
    def title(self) -> str:
        return saying.sentence_case(saying.say_count(self.count, "overdue promise"))

    @property
    def is_more(self) -> bool:
        return self.count > sorting.most()

    @property
    def most(self) -> int:
        return sorting.most()


def of(scope: Scope, *, count: int | None, asked: QueryDict, query: str, now: datetime) -> Table:
    """`count` as the figures have it; it is counted here where they could not be worked out."""
    late = scope.whenever().overdue(now)
    count = late.count() if count is None else count
    may_sort = count <= sorting.most()
    sort = asked.get("sort", "")
    sort = sort if may_sort and sort.lstrip("-") in _COLUMNS else _LONGEST_FIRST
    page = Paginator(range(min(count, sorting.most())), PAGE).get_page(asked.get("page"))
    start, end = max(0, page.start_index() - 1), page.end_index()
    rows = all_promises.as_rows(late).order_by(*_order(sort))[start:end]
    return Table(
        count=count,
        page=page,
        rows=[_row(each, now=now) for each in rows],
        headers=[_header(name, sort, query=query, may_sort=may_sort) for name in _COLUMNS],
        asked=_address(query, sort=sort),
    )


def unanswered(scope: Scope) -> list[tuple[Commitment, datetime | None, bool]]:
    """Customers who say that something is not right, and then those who asked: longest wait first.

    Since when each waits, and whether that is a dispute. One query; the rest is behind the link.
    """
    found = all_promises.as_rows(scope.whenever().unanswered()).order_by(
        F("disputed_at").asc(nulls_last=True), "customer_asked_at", "pk"
    )
    return [
        (each, each.disputed_at or each.customer_asked_at, each.disputed_at is not None)
        for each in found[:_UNANSWERED]
    ]


def _row(promise: Commitment, *, now: datetime) -> Row:
    return Row(
        promise=promise,
        late=saying.say_gap(now - promise.due_at),
        not_told=promise.is_not_told(now),
    )


def _order(sort: str) -> list[OrderBy | str]:
    """By how late it is the other way round than by when it was due."""
    name, descending = sort.lstrip("-"), sort.startswith("-")
    _, columns = _COLUMNS[name]
    if name == "late":
        return ["due_at", "pk"] if descending else ["-due_at", "-pk"]
    return [
        *(
            F(each).desc(nulls_last=True) if descending else F(each).asc(nulls_first=True)
            for each in columns
        ),
        *("due_at", "pk"),
    ]


def _header(name: str, sort: str, *, query: str, may_sort: bool) -> Header:
    """Sorted the other way round where it is sorted by this column already."""
    is_here, descending = sort.lstrip("-") == name, sort.startswith("-")
    first = _LONGEST_FIRST if name == "late" else name
    other = name if descending else f"-{name}"
    return Header(
        label=_COLUMNS[name][0],
        name=name,
        asked=_address(query, sort=other if is_here else first) if may_sort else "",
        sorted=("descending" if descending else "ascending") if is_here else "",
    )


def _address(query: str, *, sort: str) -> str:
    """With the choices, and an order that differs from the usual one."""
    order = "" if sort == _LONGEST_FIRST else urlencode({"sort": sort})
    return "&".join(part for part in (query, order) if part)
