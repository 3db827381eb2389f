"""Lengths of time: a number and a unit, ranges, halves, and one after the other.

    length = amount [business] unit [and a half] [[and] amount unit]
    amount = number [(- | to | or | /) number]                     the larger counts
    number = 2 | 2.5 | two | twenty-four | a | a couple of | a few | half an | two and a half

Minutes and hours are elapsed time, also where days stand before them; days, weeks and months are
counts of dates; business days and hours are those of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Final

from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.meaning import (
    Elapsed,
    InDays,
    InMonths,
    Lasting,
    WorkingDays,
    WorkingTime,
)
from commitments.reading.times.tokens import Number, Slashed, Word

_ONES: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ONES: Final = {word: number for number, word in enumerate(_ONES, start=1)}
TENS: Final = {word: 10 * number for number, word in enumerate(_TENS, start=2)}

_UNDER_TEN: Final = {word: number for word, number in ONES.items() if number < 10}

_ABOUT_SO_MANY: Final = Phrases(
    {
        "a|an": 1.0,
        "[a|the] couple [of]": 2.0,
        "couple more": 2.0,
        "[a|the] few": 3.0,
        "another": 1.0,
        "one half [of] [a|an]": 0.5,
        "one quarter of a|an": 0.25,
        "[a] half [of] [a|an]": 0.5,
        "[a] quarter of a|an": 0.25,
        "quarter": 0.25,
        "three quarters of a|an": 0.75,
        "three quarter": 0.75,
        "a dozen": 12.0,
        "a hundred": 100.0,
        "another couple [of]": 2.0,
        "another few": 3.0,
    }
)
_UNITS: Final = {
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "second"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("fortnight", "fortnights"), "fortnight"),
    **dict.fromkeys(("mo", "mos", "mth", "mths", "month", "months"), "month"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
    **dict.fromkeys(("bh", "wh"), "business hour"),
    **dict.fromkeys(("bd", "wd", "weekday", "weekdays", "workday", "workdays"), "business day"),
}
_BUSINESS: Final = Phrases(
    {
        "business|buisness|bussiness|biz|bus|working|work": "business ",
        "office|opening|trading|banking|bank": "business ",
        "calendar|full|whole|more|additional|other|extra|consecutive|straight": "",
    }
)
_MORE: Final = ("more", "other", "additional", "extra", "full", "whole", "upcoming", "coming")
_SHORT_UNITS: Final = ("second", "minute", "hour")
_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600}
_DAY: Final = 24 * 3600
_FROM_NOW: Final = Phrases(
    {
        "from [right] now": None,
        "from today": None,
        "time": None,
        "period|window|timeframe|timescale|turnaround": None,
        "time frame|period|window|scale": None,
    }
)


@dataclass(frozen=True)
class Length:
    """Amounts by unit, as said. `is_business` counts days and hours of the calendar."""

    months: float = 0.0
    days: float = 0.0
    seconds: float = 0.0
    is_business: bool = False

    def plus(self, other: Length) -> Length | None:
        if self.is_business or other.is_business:
            return None
        return Length(
            self.months + other.months, self.days + other.days, self.seconds + other.seconds
        )


def lasting(cursor: Cursor) -> Lasting | None:
    """A length as a deadline counted from now; no length is nothing or less."""
    length = cursor.attempt(_length)
    if length is None:
        return None
    cursor.said(_FROM_NOW)
    return _meant(length)


def one(cursor: Cursor) -> Lasting | None:
    """A unit that stands for one of it, after "the next": hour, working day."""
    working = cursor.said(_BUSINESS) or ""
    is_several = cursor.next_word.endswith("s")
    unit = _unit(cursor)
    if not unit or is_several:
        return None
    length = _so_long(1.0 + _tail(cursor, unit), f"{working}{unit}")
    return None if length is None else _meant(length)


def unit_follows(cursor: Cursor) -> bool:
    """Whether the number before was one of something: 5 minutes, 10 business days."""
    ahead = Cursor(cursor.tokens, cursor.at)
    ahead.hyphen()
    return ahead.said(_BUSINESS) is not None or bool(_unit(ahead))


def number(cursor: Cursor) -> float | None:
    """A number in figures or words, with its half: 2, 2.5, twenty-four, two and a half."""
    counted = cursor.first_of(_figures, _words)
    if counted is None:
        return None
    cursor.attempt(_said_again)
    return counted + (cursor.attempt(_fraction) or 0.5 * bool(cursor.attempt(_and_a_half)))


def _said_again(cursor: Cursor) -> float | None:
    """The (30) in thirty (30) days."""
    if not cursor.mark("("):
        return None
    again = cursor.first_of(_figures, _words)
    return again if again is not None and cursor.mark(")") else None


def _fraction(cursor: Cursor) -> float | None:
    """The 1/2 in 1 1/2 hours."""
    what = cursor.peek()
    if not isinstance(what, Slashed) or what.year or not what.first < what.second <= 4:
        return None
    cursor.at += 1
    return what.first / what.second


def whole(cursor: Cursor) -> int | None:
    """A whole number in figures or words."""
    counted = cursor.first_of(_figures, _words)
    return int(counted) if counted is not None and counted.is_integer() else None


def _meant(length: Length) -> Lasting | None:
    if length.is_business:
        days = ceil(length.days)
        return WorkingDays(days) if days else _if_any(WorkingTime, length.seconds)
    if length.seconds or (not length.months and not length.days.is_integer()):
        return None if length.months else _if_any(Elapsed, length.seconds + length.days * _DAY)
    months, days = int(length.months), ceil(length.days + 30 * (length.months % 1))
    if months:
        return InMonths(months, days)
    return InDays(days) if days else None


def _if_any(
    kind: type[Elapsed] | type[WorkingTime], seconds: float
) -> Elapsed | WorkingTime | None:
    return kind(timedelta(seconds=round(seconds))) if seconds > 0 else None


def _length(cursor: Cursor) -> Length | None:
    total = _one(cursor)
    while total is not None:
        joined = cursor.attempt(_another)
        together = total.plus(joined) if joined else None
        if together is None:
            return total if joined is None else None
        total = together
    return None


def _another(cursor: Cursor) -> Length | None:
    """And 5 hours; 30 minutes: but 24 hours a day is a rate."""
    has_comma = cursor.mark(",")
    is_joined = cursor.word("and") or has_comma
    return None if not is_joined and isinstance(cursor.peek(), Word) else _one(cursor)


def _one(cursor: Cursor) -> Length | None:
    is_figure = isinstance(cursor.peek(), Number | Slashed)
    amount = cursor.first_of(_so_many_more, _about_so_many, _amount)
    if amount is None:
        return None
    cursor.word(*_MORE)
    cursor.hyphen()
    working = cursor.said(_BUSINESS) or ""
    cursor.hyphen()
    is_short = cursor.next_word in _ONLY_AFTER_FIGURES
    unit = _unit(cursor)
    if not unit or (is_short and not is_figure):
        return None
    return _so_long(amount + _tail(cursor, unit), f"{working}{unit}")


def _unit(cursor: Cursor) -> str:
    """The unit that stands here, taken; else ""."""
    return cursor.named(_UNITS) or ""


def _tail(cursor: Cursor, unit: str) -> float:
    """What follows the unit and adds to it: and a half, or two; 30 in 1h30."""
    if cursor.attempt(_and_a_half):
        return 0.5
    what = cursor.peek()
    if unit == "hour" and isinstance(what, Number) and cursor.is_joined() and what.value < 60:
        cursor.at += 1
        return what.value / 60
    return float(cursor.attempt(_or_two) or 0)


def _and_a_half(cursor: Cursor) -> bool | None:
    return cursor.said(_HALVES)


_HALVES: Final = Phrases({"and [a|an|one] half": True})


def _or_two(cursor: Cursor) -> float | None:
    """An hour or two: one more."""
    if not cursor.word("or"):
        return None
    return {"two": 1.0, "three": 2.0, "so": 0.0}.get(cursor.word("two", "three", "so"))


def _so_long(amount: float, unit: str) -> Length | None:
    business = unit.startswith("business ")
    name = unit.removeprefix("business ")
    if name in _SHORT_UNITS:
        return Length(seconds=amount * _SECONDS[name], is_business=business)
    if business:
        days = {"day": 1, "week": 5}.get(name, 0)
        return Length(days=amount * days, is_business=True) if days else None
    if name == "day":
        return Length(days=amount)
    if name in ("week", "fortnight"):
        return Length(days=float(ceil(amount * (7 if name == "week" else 14))))
    return Length(months=amount if name == "month" else amount * 12)


def _amount(cursor: Cursor) -> float | None:
    """A number, or the larger end of a range."""
    what = cursor.peek()
    if isinstance(what, Slashed) and not what.year:
        cursor.at += 1
        return _of_two(what, cursor)
    first = cursor.attempt(number)
    if first is None:
        return None
    second = cursor.attempt(_other_end)
    return first if second is None else max(first, second)


def _of_two(both: Slashed, cursor: Cursor) -> float:
    """24/48 hours is a range, 1/2 hour is a half."""
    unit = cursor.peek()
    is_one = isinstance(unit, Word) and (unit.text in ("a", "an") or not unit.text.endswith("s"))
    if is_one and both.first < both.second <= 4:
        cursor.word("a", "an")
        return both.first / both.second
    return float(max(both.first, both.second))


def _other_end(cursor: Cursor) -> float | None:
    if not cursor.mark("-", "/", "~") and not cursor.word("to", "or", "and"):
        return None
    cursor.word("maybe", "perhaps", "even", "possibly")
    return cursor.attempt(number)


def _so_many_more(cursor: Cursor) -> float | None:
    """Another 20 minutes, an additional 24 hours."""
    return cursor.attempt(_amount) if cursor.said(_ANOTHER) else None


_ANOTHER: Final = Phrases({"another": True, "an additional|extra": True, "a further": True})
_ONLY_AFTER_FIGURES: Final = ("d", "h", "m", "mo", "w", "y")


def _about_so_many(cursor: Cursor) -> float | None:
    return cursor.said(_ABOUT_SO_MANY)


def _figures(cursor: Cursor) -> float | None:
    what = cursor.peek()
    if not isinstance(what, Number):
        return None
    cursor.at += 1
    return what.value


def _words(cursor: Cursor) -> float | None:
    """one to ninety-nine."""
    ten = cursor.named(TENS) or 0
    if ten:
        cursor.hyphen()
    one = cursor.named(_UNDER_TEN if ten else ONES) or 0
    return float(ten + one) if ten or one else None


FIRST_WORDS: Final = _ABOUT_SO_MANY.first_words | frozenset(ONES) | frozenset(TENS)
UNITS: Final = frozenset(_UNITS)
WORDS: Final = FIRST_WORDS | UNITS | _ABOUT_SO_MANY.words | _BUSINESS.words | _FROM_NOW.words
