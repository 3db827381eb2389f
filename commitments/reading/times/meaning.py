"""What phrases about time can mean, before anybody looks at a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias


class Lasting:
    """So long from now."""


# Days ---------------------------------------------------------------------------------------------


class Day:
    """A day, as said."""


@dataclass(frozen=True)
class InDays(Day, Lasting):
    """So many days on: 0 is today."""

    days: int


@dataclass(frozen=True)
class InMonths(Day, Lasting):
    """The same day so many months on, clipped to the length of that month, and days after it."""

    months: int
    days: int = 0


@dataclass(frozen=True)
class WorkingDays(Day, Lasting):
    days: int


@dataclass(frozen=True)
class Weekday(Day):
    """The next such day after today, 0 is Monday; or, where "next" was said, that of next week.

    `later` counts weeks on from there.
    """

    number: int
    is_next: bool = False
    later: int = 0


@dataclass(frozen=True)
class InWeek(Day):
    """A weekday of the week so many on from this one, Mondays first."""

    number: int
    week: int


@dataclass(frozen=True)
class WeekEnds(Day):
    """The last working day of a week: a Friday, unless the calendar never opens on Fridays."""

    week: int


@dataclass(frozen=True)
class WeekOf(Day):
    """The last working day of the week that holds a day."""

    day: Day


@dataclass(frozen=True)
class DayOfMonth(Day):
    """Of the month so many on; None: the next month that has such a day, today included.

    `clipped` takes the last day of a shorter month.
    """

    day: int
    month: int | None = None
    clipped: bool = False


@dataclass(frozen=True)
class MonthDay(Day):
    """The next such date, today included; in `year` where that was said."""

    month: int
    day: int
    year: int = 0
    clipped: bool = False


@dataclass(frozen=True)
class EitherOrder(Day):
    """12/01: the month first, or the day. Where it was said decides."""

    first: int
    second: int
    year: int = 0


@dataclass(frozen=True)
class NthOf(Day):
    """The n-th such weekday of a month, -1 the last; `weekday` None counts working days."""

    nth: int
    weekday: int | None
    month: DayOfMonth | MonthDay


@dataclass(frozen=True)
class QuarterEnds(Day):
    """Of the quarter so many on, or of the one numbered 1 to 4, the next of its name."""

    quarters: int = 0
    named: int = 0


@dataclass(frozen=True)
class YearEnds(Day):
    years: int


@dataclass(frozen=True)
class OnDate(Day):
    on: date


@dataclass(frozen=True)
class Named(Day):
    """A weekday and the date that it must fall on: Monday, 18 February."""

    weekday: int
    day: Day


@dataclass(frozen=True)
class Same(Day):
    """The same day said twice: tomorrow, 6 March."""

    first: Day
    second: Day


@dataclass(frozen=True)
class After(Day):
    """So long after another day: a week from Friday."""

    length: Day
    day: Day


# Times of day -------------------------------------------------------------------------------------


class TimeOfDay:
    """When in a day, as said."""


@dataclass(frozen=True)
class At(TimeOfDay):
    """A time on the clock. `is_either` where nobody said which half of the day is meant.

    `is_written` where it stands as on a 24-hour clock, and only another word can make it later.
    """

    clock: time
    is_either: bool = False
    is_written: bool = False


@dataclass(frozen=True)
class Until(TimeOfDay):
    """A part of the day, as its end. `half`, a or p, is where it puts a bare hour."""

    clock: time
    half: str = ""


@dataclass(frozen=True)
class Closing(TimeOfDay):
    """When the day closes."""


@dataclass(frozen=True)
class SameTime(TimeOfDay):
    """As late as it is now."""


MORNING: Final = Until(time(12), "a")
FIRST_THING: Final = Until(time(10), "a")
AFTERNOON: Final = Until(time(17), "p")
EVENING: Final = Until(time(21), "p")
NIGHT: Final = Until(time(23, 59), "p")

# Deadlines ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exactly:
    at: datetime  # naive where no offset was said


@dataclass(frozen=True)
class Elapsed(Lasting):
    length: timedelta


@dataclass(frozen=True)
class WorkingTime(Lasting):
    length: timedelta


@dataclass(frozen=True)
class Moment:
    """A day, a time of day, or both. Without a time, `before` means that the day is too late."""

    day: Day | None = None
    clock: TimeOfDay | None = None
    zone: str = ""
    before: bool = False


@dataclass(frozen=True)
class Latest:
    """Alternatives: the later one counts."""

    first: Meaning
    second: Meaning


@dataclass(frozen=True)
class Span:
    """From one time to another: the end counts, and lies after the beginning."""

    begins: Moment
    ends: Moment


Meaning: TypeAlias = Exactly | Elapsed | WorkingTime | Moment | Latest | Span
