"""Kept on time, week by week, and what can be said of it.

It rises or falls where the last four full weeks differ by a point and a half from the four before,
all of their promises taken together. Nothing is said of fewer than thirty, nor where one side has
no week with enough promises to be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from commitments.reports.kept import Kept
from commitments.reports.scope import Scope

from . import leads, said
from .bars import Cell
from .lines import Line, Point
from .tables import Row, Table

GOAL: Final = 90  # per cent
_WEEKS: Final = 4
_THRESHOLD: Final = 1.5  # points
_ENOUGH: Final = 30  # promises
_WEEK: Final = timedelta(days=7)
_HEAD: Final = ("Week of", "On time", "Kept on time", "Of")


@dataclass(frozen=True, kw_only=True)
class Trend:
    """`word` is rising, falling or steady, or nothing; `points` by how much, where it is known."""

    word: str = ""
    points: float | None = None
    lacks: Literal["", "weeks", "promises"] = ""

    @classmethod
    def of(cls, weeks: Sequence[Kept], *, this_monday: date, since: date | None = None) -> Trend:
        """`weeks` in their order. This week is not full yet, nor is one that began before `since`,
        of which only some days were asked for.
        """
        first = since or date.min
        full = [week for week in weeks if first <= _monday(week) < this_monday]
        if len(full) < 2 * _WEEKS:
            return cls(lacks="weeks")
        before, recent = full[-2 * _WEEKS : -_WEEKS], full[-_WEEKS:]
        if _n(before) + _n(recent) < _ENOUGH or not (_shows(before) and _shows(recent)):
            return cls(lacks="promises")
        points = 100 * (_on_time(recent) / _n(recent) - _on_time(before) / _n(before))
        if abs(points) < _THRESHOLD:
            return cls(word="steady", points=points)
        return cls(word="rising" if points > 0 else "falling", points=points)

    @property
    def title(self) -> str:
        if self.lacks == "weeks":
            return "Kept on time, by week"
        if self.lacks == "promises":
            return "Not enough promises yet to see a trend"
        return f"Kept on time is {self.word}"


def found(weeks: Sequence[Kept], scope: Scope, *, now: datetime) -> Trend:
    """What can be said of the weeks of a report."""
    today = said.today(now, zone=scope.period.zone)
    # A week that ends after the last day asked for is not full either.
    last = min(today, scope.period.until + timedelta(days=1))
    return Trend.of(
        weeks, this_monday=last - timedelta(days=last.weekday()), since=scope.period.since
    )


def chart(weeks: Sequence[Kept], scope: Scope, *, now: datetime) -> Line:
    """`weeks` as `reports.kept` counts them, in their order; their keys are Mondays."""
    today = said.today(now, zone=scope.period.zone)
    return Line(
        key="trend",
        title=found(weeks, scope, now=now).title,
        text="Share of promises kept by the agreed time, by the week they were first due in.",
        said=_sentence(weeks, today=today),
        points=[_point(week, scope, today=today) for week in weeks],
        goal=GOAL,
        table=Table(
            caption="Kept on time by week",
            head=_HEAD,
            rows=[_row(week, scope, today=today) for week in weeks],
        ),
    )


def _on_time(weeks: Sequence[Kept]) -> int:
    return sum(week.on_time for week in weeks)


def _n(weeks: Sequence[Kept]) -> int:
    return sum(week.n for week in weeks)


def _shows(weeks: Sequence[Kept]) -> bool:
    return any(not week.is_too_few for week in weeks)


def _monday(week: Kept) -> date:
    return week.key if isinstance(week.key, date) else date.fromisoformat(str(week.key))


def _within(week: Kept, scope: Scope) -> dict[str, str]:
    """The days of the week that were asked for."""
    monday = _monday(week)
    since = max(monday, scope.period.since)
    until = min(monday + _WEEK - timedelta(days=1), scope.period.until)
    return {"since": since.isoformat(), "until": until.isoformat()}


def _point(week: Kept, scope: Scope, *, today: date) -> Point:
    label = said.day(_monday(week), today=today)
    return Point(
        label=label,
        share=None if week.is_too_few or week.on_time_share is None else 100 * week.on_time_share,
        said=f"Week of {label}: {_share(week)} of {said.count(week.n, 'promise')}",
        url=leads.counted(scope, "kept-all", **_within(week, scope)),
    )


def _row(week: Kept, scope: Scope, *, today: date) -> Row:
    within = _within(week, scope)
    return Row(
        label=said.day(_monday(week), today=today),
        cells=[
            Cell(
                words=f"{week.on_time:,}",
                url=leads.counted(scope, "kept-on_time", **within) if week.on_time else "",
            ),
            Cell(words=_share(week)),
            Cell(
                words=f"{week.n:,}",
                url=leads.counted(scope, "kept-all", **within) if week.n else "",
            ),
        ],
    )


def _share(week: Kept) -> str:
    return said.TOO_FEW if week.is_too_few else said.share(week.on_time_share)


def _sentence(weeks: Sequence[Kept], *, today: date) -> str:
    known = [week for week in weeks if not week.is_too_few]
    if not known:
        return "Too few promises to show."
    first, last = known[0], known[-1]
    ends = [
        f"{said.share(week.on_time_share)} in the week of {said.day(_monday(week), today=today)}"
        for week in ((first, last) if first is not last else (last,))
    ]
    return f"Kept on time was {' and '.join(ends)}; the goal is {GOAL}%."
