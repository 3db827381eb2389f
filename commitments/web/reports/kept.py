"""Kept promises: on time first and alone, then what else became of them, and always of how many.

What the kept rate counts is said beside it; who is to be ranked by it is not: it is shown by week,
team and kind, and a group with fewer than ten promises shows no share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from commitments.reports import kept, opening
from commitments.reports.kept import Kept, Lasted
from commitments.reports.scope import Scope
from commitments.web.doors import StaffRequest

from . import figures, frame, leads, said, trend
from .bars import Bar, Bars, Cell, Key, Part
from .parts import worked_out

# Of what the kept rate counts: as it is coloured and called, in this order. Red is overdue alone.
COUNTED: Final = {
    "on_time": ("kept", "Kept on time"),
    "moved": ("wait", "Moved, told first"),
    "late": ("soon", "Kept late"),
    "broken": ("quiet", "Not kept"),
    "overdue": ("late", "Overdue"),
}
_COLUMNS: Final = ("Kept on time", "Share", *(name for _, name in list(COUNTED.values())[1:]), "Of")
_LEGEND: Final = tuple(Key(tone=tone, words=name) for tone, name in COUNTED.values())


def find(request: StaffRequest, scope: Scope, *, now: datetime) -> dict[str, object]:
    weeks = worked_out(partial(kept.kept, scope, by="week"), called="kept by week")
    return {
        "whole": weeks and _whole(weeks, scope),
        "opening": _sentence(weeks),
        "trend": weeks and trend.chart(weeks, scope, now=now),
        "teams": worked_out(partial(_by_team, scope), called="kept by team"),
        "kinds": worked_out(partial(_by_kind, scope), called="kept by kind"),
        "lasted": worked_out(partial(_lasted, scope), called="time to keep"),
    }


show = frame.report("web:kept", "kept.html")(find)
csv = figures.csv(
    "web:kept", find, trend="By week", teams="By team", kinds="By kind", lasted="Time to keep"
)


class Whole:
    """All of them together, each figure with the list of what it counts."""

    def __init__(self, row: Kept, scope: Scope) -> None:
        self.row = row
        self.on_time = said.TOO_FEW if row.is_too_few else said.share(row.on_time_share)
        self.kept = said.TOO_FEW if row.is_too_few else said.share(row.kept_share)
        self.kept_count = row.on_time + row.moved
        names = (*COUNTED, "pending", "released", "void", "attempted", "all")
        self.lists = {name: leads.counted(scope, f"kept-{name}") for name in names}

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was first due."""
        row = self.row
        return not (row.n or row.pending or row.released or row.void)

    def share(self, number: int) -> str:
        """How much of all that is, as a companion of the count."""
        row = self.row
        return "" if row.is_too_few else f"{said.share(number / row.n)} of {row.n:,}"

    @property
    def moved_share(self) -> str:
        return self.share(self.row.moved)

    @property
    def late_share(self) -> str:
        return self.share(self.row.late)

    @property
    def broken_share(self) -> str:
        return self.share(self.row.broken)

    @property
    def overdue_share(self) -> str:
        return self.share(self.row.overdue)


def _whole(weeks: Sequence[Kept], scope: Scope) -> Whole:
    """The weeks together: they are the same promises, each in one of them."""
    labels = {"key", "label"}
    counts = {
        each.name: sum(getattr(week, each.name) for week in weeks)
        for each in fields(Kept)
        if each.name not in labels
    }
    return Whole(Kept(key=None, label="All", **counts), scope)


def _sentence(weeks: Sequence[Kept] | None) -> str:
    if weeks is None:
        return ""
    n = sum(week.n for week in weeks)
    on_time = sum(week.on_time for week in weeks)
    return opening.of_kept(on_time=on_time, n=n)


def _by_team(scope: Scope) -> Bars:
    return _shares(kept.kept(scope, by="team"), scope, by="team", title="By team")


def _by_kind(scope: Scope) -> Bars:
    return _shares(kept.kept(scope, by="kind"), scope, by="kind", title="By kind")


def _shares(rows: Sequence[Kept], scope: Scope, *, by: str, title: str) -> Bars:
    return Bars(
        title=title,
        counted="What became of each hundred. Beside the bars: kept on time, and of how many.",
        head=by.capitalize(),
        columns=_COLUMNS,
        bars=[_share(row, scope, by=by) for row in rows],
        legend=_LEGEND,
        whole=100,
        style="shares",
        empty="No promise that counts was first due in this period.",
    )


def _share(row: Kept, scope: Scope, *, by: str) -> Bar:
    numbers = {name: int(getattr(row, name)) for name in COUNTED}
    chosen = {by: row.key}
    shown = [] if row.is_too_few else list(numbers.items())
    return Bar(
        label=row.label,
        parts=[Part(tone=COUNTED[name][0], size=100 * many / row.n) for name, many in shown],
        value="Too few" if row.is_too_few else said.share(row.on_time_share),
        note=f"{row.n:,}",
        said=_aloud(numbers),
        url=leads.counted(scope, "kept-all", **chosen),
        cells=[
            _cell(scope, "on_time", row.on_time, chosen),
            Cell(words=said.TOO_FEW if row.is_too_few else said.share(row.on_time_share)),
            *(_cell(scope, name, numbers[name], chosen) for name in list(COUNTED)[1:]),
            _cell(scope, "all", row.n, chosen),
        ],
    )


def _cell(scope: Scope, part: str, number: int, chosen: Mapping[str, object]) -> Cell:
    url = leads.counted(scope, f"kept-{part}", **chosen) if number else ""
    return Cell(words=f"{number:,}", url=url)


def _aloud(numbers: dict[str, int]) -> str:
    counts = [f"{many:,} {COUNTED[name][1].lower()}" for name, many in numbers.items() if many]
    return f"promises: {', '.join(counts)}. Show them" if counts else "promises. Show them"


def _lasted(scope: Scope) -> Bars:
    rows = kept.time_to_keep(scope)
    return Bars(
        title="Time to keep a promise",
        counted="From promised to done, in working time; a day of work is 8 hours.",
        head="Kind",
        columns=("Half within", "9 in 10 within", "Of"),
        bars=[_length(row, scope) for row in rows],
        legend=(
            Key(tone="kept", words="Half of them within"),
            Key(tone="quiet", words="9 in 10 of them within"),
        ),
        style="lengths",
        empty="Nothing that was first due in this period has been done yet.",
    )


def _length(row: Lasted, scope: Scope) -> Bar:
    is_known = row.median is not None and row.nine_in_ten is not None
    half, most = (each or timedelta(0) for each in (row.median, row.nine_in_ten))
    pieces = [
        Part(tone="kept", size=half.total_seconds()),
        Part(tone="quiet", size=max(most - half, timedelta(0)).total_seconds()),
    ]
    chosen = {} if row.kind is None else {"kind": row.kind}
    url = leads.counted(scope, "kept-done", **chosen) if row.n else ""
    return Bar(
        label=row.label,
        parts=pieces if is_known else [],
        value=said.worked(row.median),
        note=said.worked(row.nine_in_ten) if is_known else f"{row.n:,}",
        said=f"of {said.count(row.n, 'promise')}. Show them",
        url=url,
        cells=[
            Cell(words=said.worked(row.median)),
            Cell(words=said.worked(row.nine_in_ten)),
            Cell(words=f"{row.n:,}", url=url),
        ],
    )
