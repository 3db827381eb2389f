"""The four figures on top of the overdue report: each opens what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commitments.reports import kept
from commitments.reports.kept import Kept
from commitments.reports.live import Overdue
from commitments.reports.ratings import ENOUGH, Rated
from commitments.reports.scope import Scope

from . import happened, leads, said, trend


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Of the small line: words, or a figure that opens its list."""

    words: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """`figure` is empty where it could not be worked out; `is_words` where there are too few."""

    icon: str
    name: str
    figure: str = ""
    url: str = ""
    is_late: bool = False
    is_words: bool = False
    line: Sequence[Piece] = ()


def of(
    scope: Scope,
    *,
    figures: Overdue | None,
    weeks: Sequence[Kept] | None,
    rated: Sequence[Rated] | None,
    now: datetime,
) -> list[Tile]:
    days = _days(scope, now=now)
    kept_name, rated_name = f"Kept on time, {days}", f"Rating, {days}"
    return [
        _not_told(figures, scope)
        if figures
        else Tile(icon="eye-off", name="Overdue, customer not told"),
        _due_soon(figures, scope)
        if figures
        else Tile(icon="clock", name="Due in the next 4 hours"),
        Tile(icon="circle-check", name=kept_name)
        if weeks is None
        else _kept(weeks, scope, name=kept_name, now=now),
        Tile(icon="smile", name=rated_name)
        if rated is None
        else _rated(rated, scope, name=rated_name),
    ]


def _not_told(figures: Overdue, scope: Scope) -> Tile:
    everything = leads.listed(scope, state="overdue")
    return Tile(
        icon="eye-off",
        name="Overdue, customer not told",
        figure=f"{figures.not_told:,}",
        url=leads.listed(scope, state="overdue", told="no"),
        is_late=figures.not_told > 0,
        line=(
            Piece(words="of "),
            Piece(words=f"{figures.overdue:,}", url=everything),
            Piece(words=" overdue now"),
        ),
    )


def _due_soon(figures: Overdue, scope: Scope) -> Tile:
    without = figures.due_soon_without_owner_on_shift
    return Tile(
        icon="clock",
        name="Due in the next 4 hours",
        figure=f"{figures.due_soon:,}",
        url=leads.listed(scope, state="soon"),
        line=(
            Piece(words=f"{without:,}", url=leads.listed(scope, state="off_shift")),
            Piece(words=f" {'has' if without == 1 else 'have'} no owner on shift"),
        ),
    )


def _kept(weeks: Sequence[Kept], scope: Scope, *, name: str, now: datetime) -> Tile:
    """On time alone; what was moved and told stands on the page behind it."""
    n = sum(week.n for week in weeks)
    share = sum(week.on_time for week in weeks) / n if n >= kept.ENOUGH else None
    return Tile(
        icon="circle-check",
        name=name,
        figure=said.share(share),
        is_words=share is None,
        url=leads.report("kept", scope),
        line=(
            Piece(words=_moved(trend.found(weeks, scope, now=now))),
            Piece(words=f"goal {trend.GOAL}%, of "),
            Piece(words=f"{n:,}", url=leads.counted(scope, "kept-all")),
        ),
    )


def _moved(found: trend.Trend) -> str:
    if found.points is None or not found.word:
        return ""
    if found.word == "steady":
        return "steady, "
    points = max(1, round(abs(found.points)))
    way = "up" if found.points > 0 else "down"
    return f"{way} {said.count(points, 'point')}, "


def _rated(rated: Sequence[Rated], scope: Scope, *, name: str) -> Tile:
    answers = sum(each.answers for each in rated)
    average = happened.average(rated) if answers >= ENOUGH else None
    words = "reply" if answers == 1 else "replies"
    return Tile(
        icon="smile",
        name=name,
        figure=said.TOO_FEW if average is None else f"{average:.1f}",
        is_words=average is None,
        url=leads.report("ratings", scope),
        line=(
            Piece(words="of 5, from "),
            Piece(words=f"{answers:,}", url=leads.report("ratings", scope)),
            Piece(words=f" {words}"),
        ),
    )


def _days(scope: Scope, *, now: datetime) -> str:
    """`since 23 Mar`, `2 to 6 Mar`."""
    today = said.today(now, zone=scope.period.zone)
    if scope.period.until >= today:
        return f"since {said.day(scope.period.since, today=today)}"
    return said.days(scope.period.since, scope.period.until, today=today)
