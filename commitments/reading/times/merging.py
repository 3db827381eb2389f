"""Pieces of a deadline put together, where they go together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from commitments.reading.times import clocks
from commitments.reading.times.meaning import (
    FIRST_THING,
    At,
    Closing,
    Day,
    DayOfMonth,
    EitherOrder,
    Elapsed,
    Exactly,
    InDays,
    InMonths,
    InWeek,
    Meaning,
    Moment,
    MonthDay,
    Named,
    OnDate,
    Same,
    SameTime,
    TimeOfDay,
    Until,
    Weekday,
    WeekEnds,
    WorkingDays,
    WorkingTime,
)

Slot: TypeAlias = Literal["day", "time", "length", "zone"]


@dataclass(frozen=True)
class Piece:
    """One part of a moment. `span` counts tokens; `before` where a day may be said to be too late.

    `alone` is a meaning that takes no other beside it; `is_led` where by, in or at stood before it.
    """

    slot: Slot
    day: Day | None = None
    clock: TimeOfDay | None = None
    zone: str = ""
    before: bool = False
    alone: Elapsed | WorkingTime | Exactly | None = None
    span: tuple[int, int] = (0, 0)
    is_led: bool = False

    @property
    def is_length(self) -> bool:
        return self.slot == "length" or isinstance(self.day, InDays | InMonths | WorkingDays)


@dataclass(frozen=True)
class Whole:
    """The pieces so far."""

    day: Day | None = None
    clock: TimeOfDay | None = None
    zone: str = ""
    before: bool = False
    alone: Elapsed | WorkingTime | Exactly | None = None


def joined(whole: Whole | None, piece: Piece) -> Whole | None:
    """The pieces with one more; None where it does not go with them."""
    if whole is None:
        return Whole(piece.day, piece.clock, piece.zone, piece.before, piece.alone)
    if whole.alone or piece.alone:
        return _within_today(whole, piece)
    if whole.day and piece.day and piece.is_led:
        return None  # tomorrow through Friday: two days, not one said twice
    day = _days(whole.day, piece.day)
    clock = _clocks(whole.clock, piece.clock)
    if (
        (piece.day and day is None)
        or (piece.clock and clock is None)
        or (piece.zone and whole.zone)
    ):
        return None
    if isinstance(day, WeekEnds) and isinstance(clock, SameTime):
        day = InDays(7 * day.week)
    if clock == FIRST_THING:
        day = _first_of(day)
    return Whole(day, clock, whole.zone or piece.zone, whole.before or piece.before)


def meaning_of(whole: Whole) -> Meaning:
    if whole.alone is not None:
        return whole.alone
    return Moment(whole.day, whole.clock, whole.zone, whole.before and whole.clock is None)


def inherited(first: Meaning, second: Meaning) -> tuple[Meaning, Meaning]:
    """Two ends of a range or choice, each with what only the other says: 3 and 5pm tomorrow."""
    if not isinstance(first, Moment) or not isinstance(second, Moment):
        return first, second
    zone = first.zone or second.zone
    day, clock = second.day or first.day, second.clock
    if isinstance(first.day, Weekday) and isinstance(day, Weekday) and first.day.is_next:
        day = replace(day, is_next=True)
    if clock is None and isinstance(first.clock, At):
        clock = first.clock
    return (
        replace(first, day=first.day or second.day, zone=zone),
        replace(second, day=day, clock=clock, zone=zone),
    )


def _within_today(whole: Whole, piece: Piece) -> Whole | None:
    """Today in one hour: the length says it all."""
    lasts = isinstance(whole.alone or piece.alone, Elapsed | WorkingTime)
    today = (whole.day or piece.day) == InDays(0) and not (whole.clock or piece.clock)
    one_of_each = bool(whole.alone) != bool(piece.alone)
    return Whole(alone=whole.alone or piece.alone) if lasts and today and one_of_each else None


def _days(first: Day | None, second: Day | None) -> Day | None:
    """Both days as one: Monday, 18 February; Friday next week; tomorrow, 6 March."""
    if first is None or second is None:
        return first or second
    if isinstance(second, Weekday):
        first, second = second, first
    if isinstance(second, WeekEnds) and isinstance(first, InWeek):
        return InWeek(first.number, second.week)
    if isinstance(first, Weekday):
        return _weekday_and(first, second)
    is_date = isinstance(second, _DATES) or isinstance(first, _DATES)
    return Same(first, second) if is_date or first == second == InDays(0) else None


_DATES: Final = (MonthDay, DayOfMonth, EitherOrder, OnDate)


def _first_of(day: Day | None) -> Day | None:
    """The first day of a week or month, where something is promised first thing."""
    match day:
        case WeekEnds(week):
            return InWeek(0, week)
        case DayOfMonth(31, int(month), True):
            return DayOfMonth(1, month)
    return day


def _weekday_and(first: Weekday, second: Day) -> Day | None:
    if first.later or isinstance(second, Weekday):
        return None
    if isinstance(second, WeekEnds):
        return None if first.is_next else InWeek(first.number, second.week)
    is_date = isinstance(second, (*_DATES, InDays))
    return Named(first.number, second) if is_date else None


def _clocks(first: TimeOfDay | None, second: TimeOfDay | None) -> TimeOfDay | None:
    """Both times of day as one: 9 in the morning, first thing in the morning."""
    if first is None or second is None:
        return first or second
    if isinstance(first, At) or isinstance(second, At):
        return _at_part(first, second)
    if FIRST_THING in (first, second):
        return FIRST_THING
    if isinstance(first, Closing):
        return second
    return first if isinstance(second, Closing) else second


def _at_part(first: TimeOfDay, second: TimeOfDay) -> At | None:
    at, part = (first, second) if isinstance(first, At) else (second, first)
    if isinstance(part, At | SameTime) or not isinstance(at, At):
        return None
    return clocks.in_half(at, part.half) if isinstance(part, Until) else at
