"""Pieces of a deadline put together, where they go together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from commitments.reading.times import clocks
from commitments.reading.times.meaning import (
    AFTERNOON,
    EARLY,
    EARLY_AFTERNOON,
    EARLY_EVENING,
    EVENING,
    FIRST_THING,
    MORNING,
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

    `alone` is a meaning that takes no other beside it.
    """

    slot: Slot
    day: Day | None = None
    clock: TimeOfDay | None = None
    zone: str = ""
    before: bool = False
    alone: Elapsed | WorkingTime | Exactly | None = None
    span: tuple[int, int] = (0, 0)

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
    day = _days(whole.day, piece.day)
    clock = _clocks(whole.clock, piece.clock)
    if (
        (piece.day and day is None)
        or (piece.clock and clock is None)
        or (piece.zone and whole.zone)
    ):
        return None
    if isinstance(clock, SameTime) and isinstance(day, WeekEnds):
        day = InDays(7 * day.week)
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
    """Both days as one: Monday, 18 February; Friday next week."""
    if first is None or second is None:
        return first or second
    if isinstance(second, Weekday):
        first, second = second, first
    if not isinstance(first, Weekday) or first.later or first.is_next:
        return first if first == second else None
    if isinstance(second, WeekEnds):
        return InWeek(first.number, second.week)
    if isinstance(second, MonthDay | DayOfMonth | EitherOrder | OnDate):
        return Named(first.number, second)
    return None


def _clocks(first: TimeOfDay | None, second: TimeOfDay | None) -> TimeOfDay | None:
    """Both times of day as one: 9 in the morning, first thing in the morning."""
    if first is None or second is None:
        return first or second
    if isinstance(first, At) or isinstance(second, At):
        return _at_part(first, second)
    if FIRST_THING in (first, second):
        return FIRST_THING
    if first == EARLY:
        return _EARLY_IN.get(second, second)
    if isinstance(first, Closing):
        return second
    return first if isinstance(second, Closing) else second


_EARLY_IN: Final[dict[TimeOfDay, TimeOfDay]] = {
    MORNING: FIRST_THING,
    AFTERNOON: EARLY_AFTERNOON,
    EVENING: EARLY_EVENING,
}


def _at_part(first: TimeOfDay, second: TimeOfDay) -> At | None:
    at, part = (first, second) if isinstance(first, At) else (second, first)
    if isinstance(part, At | SameTime) or not isinstance(at, At):
        return None
    return clocks.in_half(at, part.half) if isinstance(part, Until) else at
