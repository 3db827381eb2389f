"""The figures of a report as a file for a spreadsheet, one in a row: whatever its page draws or
tabulates. What promises they count, the lists behind them export.
"""

from __future__ import annotations

import csv as python_csv
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import singledispatch
from typing import Final, NamedTuple

from django.http import HttpResponse

from commitments.reports.scope import Scope
from commitments.rules import spreadsheets
from commitments.web.doors import StaffRequest

from . import frame
from .bars import Bars
from .heat import Heat
from .lines import Line
from .tables import Table

COLUMNS: Final = ("Figures", "Of", "What", "Figure")
_COUNT: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")


class Figure(NamedTuple):
    """`of` a team, a kind, a week, a person; `words` as the page says it."""

    of: str
    what: str
    words: str


def csv(name: str, find: frame.Find, **charts: str) -> Callable[..., HttpResponse]:
    """A view of what stands under these names in what the report shows, and what it is called."""

    @frame.guarded(name)
    def show(request: StaffRequest, scope: Scope, *, now: datetime) -> HttpResponse:
        context = find(request, scope, now=now)
        if any(context[chart] is None for chart in charts):
            return frame.failed(request, name, scope, now=now)
        answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        writer = python_csv.writer(answer)
        writer.writerow(COLUMNS)
        for chart, title in charts.items():
            for figure in _of(context[chart]):
                writer.writerow(_cell(words) for words in (title, *figure))
        span = f"{scope.period.since}-to-{scope.period.until}"
        called = f"{name.partition(':')[2]}-{span}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{called}"'
        return answer

    return show


@singledispatch
def _of(chart: object) -> Iterator[Figure]:
    raise TypeError(f"{type(chart).__name__} has no figures to export.")


@_of.register
def _(chart: Bars) -> Iterator[Figure]:
    for bar in chart.bars:
        for what, cell in zip(chart.columns, bar.cells, strict=True):
            if not cell.is_a_way:
                yield Figure(bar.label, what, cell.words)


@_of.register
def _(chart: Table) -> Iterator[Figure]:
    for row in chart.rows:
        for what, cell in zip(chart.head[1:], row.cells, strict=True):
            yield Figure(row.label, what, cell.words)


@_of.register
def _(chart: Line) -> Iterator[Figure]:
    yield from _of(chart.table)


@_of.register
def _(chart: Heat) -> Iterator[Figure]:
    for day in chart.days:
        for square in day.squares:
            yield Figure(day.name, square.hour, str(square.count))


def _cell(words: str) -> str:
    """A count without its commas; nothing that a spreadsheet would run."""
    plain = words.replace(",", "") if _COUNT.fullmatch(words) else words
    return spreadsheets.harmless(plain)
