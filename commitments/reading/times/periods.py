"""Days that begin or end a week, a month, a quarter or a year.

period = [early | mid | end of] (this | next) (week | weekend | month | quarter | year) | April
nth    = the (first | last) (Friday | working day | day) of (the | next) month | April
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

from commitments.reading.times import days
from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.meaning import (
    Day,
    DayOfMonth,
    InWeek,
    MonthDay,
    NthOf,
    QuarterEnds,
    WeekEnds,
    WeekOf,
    YearEnds,
)
from commitments.reading.times.tokens import Number


@dataclass(frozen=True)
class _Period:
    """So many on from this one; of a named month or quarter, its number: January is 1."""

    of: Literal["week", "weekend", "month", "quarter", "year", "named month", "named quarter"]
    number: int = 0


EDGES: Final = Phrases(
    {
        "early [on] [in]": "early",
        "[the] start of": "early",
        "[the] beginning of": "early",
        "[the] first|early part|half of": "early",
        "mid": "mid",
        "[the] middle of": "mid",
        "halfway through": "mid",
        "late|later [on] [in]": "late",
        "[the] [very] end [of]": "late",
        "[the] rest|remainder of": "late",
        "the back|tail end of": "late",
        "[the] latter|second part|half of": "late",
        "[the] close of": "late",
        "sometime [in]": "late",
        "some time [in]": "late",
    }
)
_PERIODS: Final[Phrases[_Period]] = Phrases(
    {
        "this|current week|wk": _Period("week"),
        "the current week": _Period("week"),
        "[the] next|following week|wk": _Period("week", 1),
        "[the] coming|upcoming week": _Period("week", 1),
        "[the] week after next": _Period("week", 2),
        "this|the weekend": _Period("weekend"),
        "this|the week end": _Period("weekend"),
        "[this|the] coming weekend": _Period("weekend"),
        "[the] next|following weekend": _Period("weekend", 1),
        "[the] weekend after next": _Period("weekend", 2),
        "this|current month": _Period("month"),
        "the current month": _Period("month"),
        "[the] next|following|coming month": _Period("month", 1),
        "[the] month after next": _Period("month", 2),
        "this|current quarter": _Period("quarter"),
        "[the] next|following|coming quarter": _Period("quarter", 1),
        "this|current year": _Period("year"),
        "[the] next|following|coming year": _Period("year", 1),
    }
)
# Only after an edge, or after "in": the end of [the] week, within the month.
_BARE: Final[Phrases[_Period]] = Phrases(
    {
        "[the] [same] week|wk": _Period("week"),
        "[the] weekend": _Period("weekend"),
        "[the] month": _Period("month"),
        "[the] quarter": _Period("quarter"),
        "[the] year": _Period("year"),
    }
)
_NTH: Final = days.ORDINALS | {"last": -1, "final": -1}


def period(cursor: Cursor, *, is_in: bool, is_before: bool) -> Day | None:
    """This week, early next month, mid-March, the end of the year.

    `is_in` where "in" stood before: then the name of a month, alone no time, ends with its last
    day. `is_before` where "before" did: next week then means the end of this one.
    """
    edge = cursor.said(EDGES)
    if edge:
        cursor.hyphen()
    is_sure = bool(edge) or is_in or is_before
    found = cursor.attempt(partial(_some_period, is_sure=is_sure))
    if found is None:
        return None
    return (
        _before(found) if is_before and edge in (None, "early") else _edge_of(found, edge or "late")
    )


def _some_period(cursor: Cursor, *, is_sure: bool) -> _Period | None:
    found = cursor.first_of(_period, partial(_month_by_name, is_sure=is_sure))
    if found is not None or not is_sure:
        return found
    return cursor.attempt(_quarter) or cursor.said(_BARE)


def week_of(cursor: Cursor) -> Day | None:
    """The week of 20 March, the week commencing on the 4th."""
    if not cursor.said(_WEEK_OF):
        return None
    rules: tuple[Callable[[Cursor], Day | None], ...] = (
        days.date_of_year,
        days.day_of_month,
        days.weekday,
    )
    found = cursor.first_of(*rules)
    return None if found is None else WeekOf(found)


_WEEK_OF: Final[Phrases[bool]] = Phrases(
    {"[in] [the] week of|commencing|beginning|starting [on]": True, "wc": True}
)


def nth_of_month(cursor: Cursor) -> Day | None:
    """The last Friday of the month, the first working day of April, the last day of next month."""
    cursor.word("the")
    nth = cursor.named(_NTH) or cursor.attempt(days.ordinal)
    if not nth:
        return None
    if nth < 0 and cursor.word("day"):
        return _its_month(cursor, 31)
    if cursor.word("week"):
        return _its_month(cursor, 31 if nth < 0 else 7 * nth)
    number = cursor.named(days.WEEKDAYS)
    if number is None and cursor.said(_WORKING_DAY) is None:
        return None
    month = _its_month(cursor, 1)
    return NthOf(nth, number, month) if month else None


_WORKING_DAY: Final[Phrases[bool]] = Phrases(
    {"business|working|work|week day": True, "weekday": True}
)


def _its_month(cursor: Cursor, day: int) -> DayOfMonth | MonthDay | None:
    """That day, or the last, of the month that is named here."""
    found = _some_period(cursor, is_sure=True) if cursor.word("of", "in") else None
    if found is None:
        return None
    if found.of == "named month":
        return MonthDay(found.number, day, cursor.attempt(days.year) or 0, clipped=True)
    return DayOfMonth(day, found.number, clipped=True) if found.of == "month" else None


def _period(cursor: Cursor) -> _Period | None:
    return cursor.said(_PERIODS)


def _quarter(cursor: Cursor) -> _Period | None:
    cursor.word("the")
    if not cursor.word("q"):
        return None
    what = cursor.peek()
    if not isinstance(what, Number) or what.value not in (1, 2, 3, 4) or not cursor.is_joined():
        return None
    cursor.at += 1
    return _Period("named quarter", int(what.value))


def _month_by_name(cursor: Cursor, *, is_sure: bool) -> _Period | None:
    is_sure = bool(cursor.word("this", "next", "coming")) or is_sure
    month = cursor.named(days.MONTHS)
    return _Period("named month", month) if month and is_sure else None


def _edge_of(found: _Period, edge: str) -> Day | None:
    if found.of in ("week", "weekend"):
        return _edge_of_week(found, edge)
    if found.of == "month":
        return DayOfMonth(_MONTH_EDGES[edge], found.number, clipped=True)
    if found.of == "named month":
        return MonthDay(found.number, _MONTH_EDGES[edge], clipped=True)
    return _quarter_or_year_ends(found) if edge == "late" else None


_MONTH_EDGES: Final = {"early": 10, "mid": 15, "late": 31}


def _edge_of_week(found: _Period, edge: str) -> Day:
    """Early in the week is Wednesday, in the middle of it Thursday, late its last working day."""
    if found.of == "weekend":
        return InWeek(5 if edge == "early" else 6, found.number)
    if edge == "late":
        return WeekEnds(found.number)
    return InWeek({"early": 2, "mid": 3}[edge], found.number)


def _quarter_or_year_ends(found: _Period) -> Day:
    if found.of == "named quarter":
        return QuarterEnds(named=found.number)
    return QuarterEnds(found.number) if found.of == "quarter" else YearEnds(found.number)


def _before(found: _Period) -> Day | None:
    """The last day that lies before a period; before the weekend, the end of the week."""
    if found.of == "weekend":
        return WeekEnds(found.number)
    if found.of == "named month":
        return MonthDay((found.number - 2) % 12 + 1, 31, clipped=True)
    if found.of == "named quarter":
        return QuarterEnds(named=(found.number - 2) % 4 + 1)
    return _edge_of(replace(found, number=found.number - 1), "late")


FIRST_WORDS: Final = (
    EDGES.first_words | _PERIODS.first_words | _WEEK_OF.first_words | frozenset(_NTH)
)
WORDS: Final = FIRST_WORDS | EDGES.words | _PERIODS.words | _BARE.words | _WEEK_OF.words
