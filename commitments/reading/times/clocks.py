"""Times of day: on the clock, as a part of the day, or when the day closes.

    clock = 4pm | 16:30 | 5 [o'clock] | half past five | 20 minutes to 2pm | noon, each with a zone
    part  = morning | this afternoon | tonight | first thing | end of day | ...

An hour of which nobody said whether it is before or after noon is one that people disagree on:
seven to eleven are read as morning, one to six as afternoon; 9:30 is a 24-hour clock.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from commitments.reading.times import lengths
from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.meaning import (
    AFTERNOON,
    EVENING,
    FIRST_THING,
    MORNING,
    NIGHT,
    At,
    Closing,
    Day,
    InDays,
    SameTime,
    TimeOfDay,
    Until,
)
from commitments.reading.times.tokens import Clock, Number, Word

_LUNCH: Final = Until(time(13), "p")
_TODAY: Final = InDays(0)
_TOMORROW: Final = InDays(1)
_ANY_DAY: Final[Day | None] = None

# What follows "before" ends where the part begins.
BEFORE: Final[dict[TimeOfDay, TimeOfDay]] = {_LUNCH: At(time(12))}

PARTS: Final[Phrases[tuple[Day | None, TimeOfDay]]] = Phrases(
    {
        "[in] [the] morning": (_ANY_DAY, MORNING),
        "[in] [the] [early|mid|late] morning": (_ANY_DAY, MORNING),
        "[in] [the] midmorning": (_ANY_DAY, MORNING),
        "early|late in the morning": (_ANY_DAY, MORNING),
        "[in] [the] [early|mid|late] afternoon|arvo": (_ANY_DAY, AFTERNOON),
        "early|late in the afternoon": (_ANY_DAY, AFTERNOON),
        "[in] [the] [early|mid|late] evening": (_ANY_DAY, EVENING),
        "early|late in the evening": (_ANY_DAY, EVENING),
        "[in] the am": (_ANY_DAY, MORNING),
        "[in] the pm": (_ANY_DAY, AFTERNOON),
        "[sometime] [later] [early|mid|late] this morning": (_TODAY, MORNING),
        "[sometime] [later] [early|mid|late] this afternoon|arvo": (_TODAY, AFTERNOON),
        "[sometime] [later] [early|mid|late] this evening": (_TODAY, EVENING),
        "[sometime] [later] [late] tonight|tonite|tonights": (_TODAY, NIGHT),
        "this night": (_TODAY, NIGHT),
        "early tonight": (_TODAY, EVENING),
        "overnight": (_TOMORROW, Closing()),
        "over night": (_TOMORROW, Closing()),
        "[the] next|following morning": (_TOMORROW, MORNING),
        "[the] next|following afternoon": (_TOMORROW, AFTERNOON),
        "[the] next|following evening": (_TOMORROW, EVENING),
        "[at|around|by] [this] lunch [time]": (_ANY_DAY, _LUNCH),
        "[this] lunchtime": (_ANY_DAY, _LUNCH),
        "after lunch [time]": (_ANY_DAY, AFTERNOON),
        "first thing [in] [the] [morning]": (_ANY_DAY, FIRST_THING),
        "first thing this morning": (_TODAY, FIRST_THING),
        "[the] start|beginning of [the] [business|working|work] day": (_ANY_DAY, FIRST_THING),
        "start of business": (_ANY_DAY, FIRST_THING),
        "opening [time]": (_ANY_DAY, FIRST_THING),
        "[the] end of [the|this] morning": (_ANY_DAY, MORNING),
        "[the] end of [the|this] afternoon": (_ANY_DAY, AFTERNOON),
        "[the] end of [the|this] evening": (_ANY_DAY, EVENING),
        "[the] end of [the] night": (_ANY_DAY, NIGHT),
        "last thing": (_ANY_DAY, Closing()),
        "[the] end of [the|our|this] [business|working|work] day": (_ANY_DAY, Closing()),
        "day end": (_ANY_DAY, Closing()),
        "[the] end of business|play|shift|trading": (_ANY_DAY, Closing()),
        "[the] close of [the] [business|working] day": (_ANY_DAY, Closing()),
        "[the] close of business|play|trading": (_ANY_DAY, Closing()),
        "[the] eod|eob|cob|cop|eobd": (_ANY_DAY, Closing()),
        "late|later [on] in the day": (_TODAY, Closing()),
        "closing [time]": (_ANY_DAY, Closing()),
        "later [on] the same day": (_TODAY, Closing()),
        "later [on] [in] today": (_TODAY, Closing()),
        "[later] [on] the|this same [business|working] day": (_TODAY, Closing()),
        "same [business|working] day": (_TODAY, Closing()),
        "this time": (_ANY_DAY, SameTime()),
        "[at] [the] same time": (_ANY_DAY, SameTime()),
    }
)
# Only beside a day: alone they are verbs, or too short to mean anything.
BESIDE_A_DAY: Final[Phrases[TimeOfDay]] = Phrases(
    {"am": MORNING, "pm": AFTERNOON, "[at] night": NIGHT, "early": MORNING, "late": Closing()}
)

_NAMED: Final = Phrases(
    {
        "[12|twelve] noon|noonish": At(time(12)),
        "[the] midday": At(time(12)),
        "mid day": At(time(12)),
        "midnight": At(time(23, 59)),
        "mid night": At(time(23, 59)),
    }
)
_PAST_OR_TO: Final = Phrases(
    {"past|after": 1, "to|before|of|til|till": -1, "minutes|mins|min past|after": 1}
    | {"minutes|mins|min to|before|of|til|till": -1}
)
_QUARTERS: Final = Phrases({"[a] quarter": 15, "half": 30})
_PRECISELY: Final = ("sharp", "exactly", "ish", "prompt")
_NUMBERS: Final = {word: number for word, number in lengths.ONES.items() if number <= 12}
_A_DAY: Final = date(2001, 1, 1)
_MORNING_BEGINS: Final = 7
_HALF_AN_HOUR: Final = 30
_HALVES: Final = {"am": "a", "pm": "p"}


def clock(cursor: Cursor) -> At | None:
    """A time on the clock that cannot be anything else."""
    found = cursor.first_of(_past_or_to, _named, _written, _o_clock, _hundred_hours, _with_h)
    if found is not None:
        cursor.attempt(_precisely)
    return found


def _precisely(cursor: Cursor) -> str | None:
    """Sharp, 5pm-ish, 15:00 hours: none moves the time."""
    cursor.hyphen()
    return cursor.word(*_PRECISELY, "hours", "hrs") or None


def _roughly(cursor: Cursor) -> str | None:
    cursor.hyphen()
    return cursor.word("ish", "sharp") or None


def bare_hour(cursor: Cursor) -> At | None:
    """A number that means an hour only where other words say so: at 5, by 5.30, at 1630."""
    what = cursor.peek()
    if isinstance(what, Number) and "." in what.written:
        cursor.at += 1
        return _with_point(what.written)
    if isinstance(what, Number) and len(what.written) == 4:
        cursor.at += 1
        return _military(what.written)
    hour = _hour(cursor)
    if hour is None:
        return None
    if cursor.is_joined() and cursor.word("h") and hour < 24:
        return At(time(hour))
    if not cursor.word("ish"):
        cursor.attempt(_roughly)
    return At(time(hour)) if 12 < hour < 24 else at_hour(hour)


def at_hour(hour: int, minute: int = 0) -> At | None:
    """An hour on a dial, 1 to 12, of which nobody said the half of the day."""
    if not 1 <= hour <= 12 or minute > 59:
        return None
    return At(time(hour + 12 if hour < _MORNING_BEGINS else hour, minute), is_either=hour != 12)


def in_half(at: At, half: str) -> At:
    """The same dial in the half of the day that other words give."""
    if not half or not (at.is_either or at.is_written):
        return at
    return At(at.clock.replace(hour=at.clock.hour % 12 + (12 if half == "p" else 0)))


def other_half(at: At) -> At:
    return At(at.clock.replace(hour=(at.clock.hour + 12) % 24))


def _written(cursor: Cursor) -> At | None:
    what = cursor.peek()
    if not isinstance(what, Clock):
        return None
    cursor.at += 1
    half = what.half or (cursor.named(_HALVES) or "")
    if half and what.hour <= 12:
        return At(time(what.hour % 12 + (12 if half == "p" else 0), what.minute))
    if what.padded or not 1 <= what.hour <= 12:
        return At(time(what.hour, what.minute))
    if what.hour >= _MORNING_BEGINS:
        return At(time(what.hour, what.minute), is_written=what.hour < 12)
    return at_hour(what.hour, what.minute)


def _named(cursor: Cursor) -> At | None:
    twelve = isinstance(cursor.peek(), Number | Clock)
    if twelve and cursor.peek(1) in (Word("noon"), Word("midnight"), Word("midday")):
        cursor.at += 1
    return cursor.said(_NAMED)


def _o_clock(cursor: Cursor) -> At | None:
    """Five o'clock; 5 pm with the number in words."""
    hour = _hour(cursor)
    if hour is None:
        return None
    if not cursor.said(_O_CLOCK):
        half = cursor.named(_HALVES) or ""
        at = at_hour(hour)
        return in_half(replace(at, is_either=True), half) if at and half else None
    at = at_hour(hour)
    return in_half(at, (cursor.named(_HALVES) or "")) if at else None


_O_CLOCK: Final = Phrases({"o'clock|oclock|o": True, "o clock": True})


def _hundred_hours(cursor: Cursor) -> At | None:
    """1630 hours, 330 pm."""
    what = cursor.peek()
    if not isinstance(what, Number) or not what.written.isdigit() or len(what.written) < 3:
        return None
    cursor.at += 1
    half = cursor.named(_HALVES)
    if half:
        hour, minute = int(what.written[:-2]), int(what.written[-2:])
        at = at_hour(hour, minute)
        return in_half(replace(at, is_either=True), half) if at else None
    is_said = len(what.written) == 4 and cursor.word("hours", "hrs", "h")
    return _military(what.written) if is_said else None


def _with_h(cursor: Cursor) -> At | None:
    """14h30; below six it is rather a length."""
    hour, minute = cursor.peek(), cursor.peek(2)
    if cursor.peek(1) != Word("h") or not isinstance(hour, Number) or not cursor.is_joined(1):
        return None
    if not isinstance(minute, Number) or not cursor.is_joined(2) or not 6 <= hour.value < 24:
        return None
    cursor.at += 3
    return At(time(int(hour.value), int(minute.value))) if minute.value < 60 else None


def _past_or_to(cursor: Cursor) -> At | None:
    """Half past five, half five, a quarter to 6, ten to 5, 20 minutes to 2pm."""
    minutes = cursor.first_of(_quarters, _five_minutes)
    side = cursor.said(_PAST_OR_TO) if minutes is not None else None
    if side is None and minutes == _HALF_AN_HOUR:
        side = 1  # half five
    if minutes is None or side is None or not 0 < minutes < 60:
        return None
    hour = cursor.first_of(_named, _written, _o_clock, _hour_alone)
    if hour is None:
        return None
    base = datetime.combine(_A_DAY, hour.clock.replace(second=0))
    moved = base + side * timedelta(minutes=minutes)
    return At(moved.time(), hour.is_either)


def _quarters(cursor: Cursor) -> int | None:
    return cursor.said(_QUARTERS)


def _five_minutes(cursor: Cursor) -> int | None:
    """Ten to, 20 past; any other number only with its minutes, for 8 to 12 is a range."""
    minutes = cursor.attempt(lengths.whole)
    is_said = cursor.peek() in (Word("minutes"), Word("mins"), Word("min"))
    return minutes if minutes is not None and (is_said or minutes % 5 == 0) else None


def _hour_alone(cursor: Cursor) -> At | None:
    hour = _hour(cursor)
    return None if hour is None else at_hour(hour)


def _hour(cursor: Cursor) -> int | None:
    what = cursor.peek()
    if isinstance(what, Number) and what.written.isdigit() and len(what.written) <= 2:
        cursor.at += 1
        return int(what.value)
    return cursor.named(_NUMBERS)


def _with_point(written: str) -> At | None:
    hour, _, minute = written.partition(".")
    if len(minute) != 2 or not 0 <= int(hour) <= 23 or int(minute) > 59:
        return None
    return at_hour(int(hour), int(minute)) or At(time(int(hour), int(minute)))


def _military(written: str) -> At | None:
    hour, minute = int(written[:2]), int(written[2:])
    return At(time(hour, minute)) if hour < 24 and minute < 60 else None


FIRST_WORDS: Final = (
    PARTS.first_words | _NAMED.first_words | _QUARTERS.first_words | frozenset(_NUMBERS)
)
WORDS: Final = FIRST_WORDS | PARTS.words | _NAMED.words | _PAST_OR_TO.words | BESIDE_A_DAY.words
