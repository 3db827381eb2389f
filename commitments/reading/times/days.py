"""Days: by name, by date, by the week or month that they end.

weekday = [this | coming | next] Friday [next week | week | after next]
date    = 20 March | March 20th, 2027 | the 15th [of next month] | 26/5 | 2026-05-26
period  = [early | mid | end of] (this | next) (week | weekend | month | quarter | year) | April
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from commitments.reading.times import lengths
from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.meaning import (
    Day,
    DayOfMonth,
    EitherOrder,
    InDays,
    InWeek,
    MonthDay,
    NthOf,
    OnDate,
    QuarterEnds,
    Weekday,
    WeekEnds,
    WorkingDays,
    YearEnds,
)
from commitments.reading.times.tokens import Mark, Number, Ordinal, Slashed
from commitments.reading.times.tokens import OnDate as WrittenDate

WEEKDAYS: Final = {
    **dict.fromkeys(("mon", "monday", "mondays"), 0),
    **dict.fromkeys(("tue", "tues", "tuesday", "tuesdays", "teusday"), 1),
    **dict.fromkeys(("wed", "weds", "wednesday", "wednesdays", "wensday", "wednsday"), 2),
    **dict.fromkeys(("thu", "thur", "thurs", "thursday", "thursdays", "thusday"), 3),
    **dict.fromkeys(("fri", "friday", "fridays"), 4),
    **dict.fromkeys(("sat", "saturday", "saturdays", "saterday"), 5),
    **dict.fromkeys(("sun", "sunday", "sundays"), 6),
}
_SEVERAL: Final = {word: day for word, day in WEEKDAYS.items() if word.endswith("days")}
_ONE_WEEKDAY: Final = {word: day for word, day in WEEKDAYS.items() if word not in _SEVERAL}
MONTHS: Final = {
    **dict.fromkeys(("jan", "january"), 1),
    **dict.fromkeys(("feb", "february", "febuary"), 2),
    **dict.fromkeys(("mar", "march"), 3),
    **dict.fromkeys(("apr", "april"), 4),
    "may": 5,
    **dict.fromkeys(("jun", "june"), 6),
    **dict.fromkeys(("jul", "july"), 7),
    **dict.fromkeys(("aug", "august"), 8),
    **dict.fromkeys(("sep", "sept", "september"), 9),
    **dict.fromkeys(("oct", "october"), 10),
    **dict.fromkeys(("nov", "november"), 11),
    **dict.fromkeys(("dec", "december"), 12),
}
ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        (
            *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
            *("ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
            *("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
        ),
        start=1,
    )
} | {"thirtieth": 30}

NEARBY: Final[Phrases[Day]] = Phrases(
    {
        "today|tday|2day": InDays(0),
        "tomorrow|tomorow|tommorow|tommorrow|tomorrows|tmrw|tmr|tmw|tmorrow": InDays(1),
        "[the] next|following day": InDays(1),
        "[the] day after tomorrow": InDays(2),
        "[the] day after tmrw|tmr|tommorow|tomorow": InDays(2),
        "tomorrow week": InDays(8),
        "today week": InDays(7),
        "tomorrow or the day after": InDays(2),
        "tomorrow or the next|following day": InDays(2),
        "[the] next|following business|working|work|banking day": WorkingDays(1),
        "[the] next weekday": WorkingDays(1),
        "[the] eow": WeekEnds(0),
        "week end": WeekEnds(0),
        "this week or next [week]": WeekEnds(1),
        "this month or next [month]": DayOfMonth(31, 1, clipped=True),
        "[the] eom": DayOfMonth(31, 0, clipped=True),
        "month end": DayOfMonth(31, 0, clipped=True),
        "[the] eoq": QuarterEnds(),
        "quarter end": QuarterEnds(),
        "[the] eoy": YearEnds(0),
        "year end": YearEnds(0),
        "christmas [day]": MonthDay(12, 25),
        "xmas [day]": MonthDay(12, 25),
        "christmas|xmas eve": MonthDay(12, 24),
        "boxing day": MonthDay(12, 26),
        "new year|years eve": MonthDay(12, 31),
        "new year|years [day]": MonthDay(1, 1),
        "valentine|valentines day": MonthDay(2, 14),
        "halloween": MonthDay(10, 31),
        "independence day": MonthDay(7, 4),
        "thanksgiving [day]": NthOf(4, 3, MonthDay(11, 1)),
        "memorial day": NthOf(-1, 0, MonthDay(5, 1)),
        "labor|labour day": NthOf(1, 0, MonthDay(9, 1)),
        "[the] first of the year": MonthDay(1, 1),
    }
)


_THIS: Final = Phrases(
    {
        "[this|the] coming|upcoming": None,
        "[the] following": None,
        "the next": None,
        "this|the": None,
        "next": True,
        "this next": None,
    }
)
_WHICH_WEEK: Final = Phrases(
    {
        "[of|on|in] this week": 0,
        "[of|on|in] next week": 1,
        "[of|in] the following|coming week": 1,
        "[of|in] [the] week after next": 2,
        "of the week": 0,
    }
)


def weekday(cursor: Cursor) -> Weekday | InWeek | None:
    """Friday, next Friday, Friday week, Friday of next week."""
    chosen = cursor.said(_THIS)
    number = cursor.named(_ONE_WEEKDAY)
    if number is None:
        return None
    week = cursor.said(_WHICH_WEEK)
    if week is not None:
        return InWeek(number, week)
    found = Weekday(number, is_next=bool(chosen))
    return found if chosen else cursor.attempt(partial(_later, found=found)) or found


def _later(cursor: Cursor, *, found: Weekday) -> Weekday | None:
    """Friday after next, Friday week, Monday next, Friday coming."""
    if cursor.said(_AFTER_NEXT) or cursor.word("week"):
        return Weekday(found.number, later=1)
    if cursor.word("coming"):
        return found
    if cursor.word("next") and not _names_a_length(cursor):
        return Weekday(found.number, is_next=True)
    return None


_AFTER_NEXT: Final = Phrases({"after next": True})


def _names_a_length(cursor: Cursor) -> bool:
    """Whether "next" belonged to what follows: next month."""
    return cursor.said(_UNITS) is not None


_UNITS: Final = Phrases({"week|month|quarter|year|weekend|day|business|working": True})


def several_weekdays(cursor: Cursor) -> Weekday | None:
    """Three Fridays from now."""
    count = cursor.attempt(lengths.whole)
    number = cursor.named(_SEVERAL) if count else None
    if number is None or not count:
        return None
    return Weekday(number, later=count - 1) if cursor.said(_FROM_NOW) else None


_FROM_NOW: Final = Phrases({"from now|today": True, "time": True})


# Dates --------------------------------------------------------------------------------------------


def date_of_year(cursor: Cursor) -> Day | None:
    """March 20, the 20th of March 2027, March 3-5 (the later), 2026-05-26, 26/5."""
    rules: tuple[Callable[[Cursor], Day | None], ...] = (_month_first, _day_first, _in_figures)
    return cursor.first_of(*rules)


def _in_figures(cursor: Cursor) -> Day | None:
    what = cursor.peek()
    cursor.at += 1
    match what:
        case WrittenDate(on):
            return OnDate(on)
        case Slashed(24, 7, 0):  # around the clock
            return None
        case Slashed(first, second, year, True):
            return MonthDay(first, second, year)
        case Slashed(first, second, year):
            return EitherOrder(first, second, year)
    return None


def _month_first(cursor: Cursor) -> MonthDay | None:
    month = cursor.named(MONTHS)
    if not month:
        return None
    cursor.hyphen()
    cursor.word("the")
    day = cursor.first_of(ordinal, _day_number)
    if day is None:
        return None
    return MonthDay(month, _last_of(cursor, day), cursor.attempt(year) or 0)


def _day_first(cursor: Cursor) -> MonthDay | None:
    cursor.word("the")
    day = cursor.first_of(ordinal, _day_number)
    if day is None:
        return None
    day = _last_of(cursor, day)
    cursor.hyphen()
    cursor.word("of")
    cursor.hyphen()
    month = cursor.named(MONTHS)
    return MonthDay(month, day, cursor.attempt(year) or 0) if month else None


def day_of_month(cursor: Cursor) -> DayOfMonth | None:
    """The 15th, the 20th of next month, the 5th or 6th (the later)."""
    is_led = cursor.at > 0 and cursor.tokens[cursor.at - 1].word in ("by", "on", "before", "until")
    has_article = bool(cursor.word("the"))
    is_sure = has_article or isinstance(cursor.peek(), Ordinal)
    day = cursor.attempt(ordinal)
    if day is None:
        day, is_sure = cursor.attempt(_day_number), is_led and has_article
        is_sure = is_sure and not lengths.unit_follows(cursor)
    if day is None or cursor.next_word in ("part", "half"):
        return None
    day = _last_of(cursor, day)
    month = cursor.said(_OF_MONTH)
    return DayOfMonth(day, month) if is_sure or month is not None else None


_OF_MONTH: Final[Phrases[int | None]] = Phrases(
    {
        "of [the] this|current month": 0,
        "day of [the] this|current month": 0,
        "day of [the] next|following|coming month": 1,
        "[day] of the month": None,
        "this month": 0,
        "of [the] next|following|coming month": 1,
        "next month": 1,
    }
)


def _last_of(cursor: Cursor, day: int) -> int:
    """The last day where a range or a choice of days stands: 7, 8 or 9."""
    while True:
        other = cursor.attempt(partial(_other_day, than=day))
        if other is None:
            return day
        day = other


def _other_day(cursor: Cursor, *, than: int) -> int | None:
    has_comma = bool(cursor.mark(","))
    joins = cursor.mark("-", "/") or cursor.word("to", "or", "and", "through", "thru")
    if not has_comma and not joins:
        return None
    cursor.word("the")
    found = cursor.first_of(ordinal, _day_number)
    is_end = not has_comma or bool(joins) or _goes_on(cursor)
    return found if found is not None and found > than and is_end else None


def _goes_on(cursor: Cursor) -> bool:
    """Whether the list goes on after a comma: 7, 8 or 9."""
    return cursor.next_word in ("or", "and") or isinstance(cursor.peek(), Mark)


def ordinal(cursor: Cursor) -> int | None:
    """15th, fifteenth, twenty-first."""
    what = cursor.peek()
    if isinstance(what, Ordinal):
        cursor.at += 1
        return what.number if 1 <= what.number <= 31 else None
    tens = lengths.TENS.get(cursor.word("twenty", "thirty"), 0)
    if tens:
        cursor.hyphen()
    day = tens + (cursor.named(ORDINALS) or -tens)
    return day if 1 <= day <= 31 else None


def _day_number(cursor: Cursor) -> int | None:
    what = cursor.peek()
    if not isinstance(what, Number) or not what.written.isdigit() or len(what.written) > 2:
        return None
    cursor.at += 1
    return int(what.value) if 1 <= what.value <= 31 else None


def year(cursor: Cursor) -> int | None:
    """2027, or 27 after a hyphen."""
    has_hyphen = cursor.is_joined() and bool(cursor.mark("-"))
    if not has_hyphen:
        cursor.mark(",")
    what = cursor.peek()
    if not isinstance(what, Number) or not what.written.isdigit():
        return None
    cursor.at += 1
    if has_hyphen and len(what.written) == 2:
        return 2000 + int(what.value)
    return int(what.value) if 1900 <= what.value < 2200 else None


FIRST_WORDS: Final = (
    NEARBY.first_words
    | _THIS.first_words
    | frozenset(WEEKDAYS)
    | frozenset(MONTHS)
    | frozenset(ORDINALS)
)
WORDS: Final = FIRST_WORDS | NEARBY.words | _THIS.words | _WHICH_WEEK.words | {"after", "from"}
