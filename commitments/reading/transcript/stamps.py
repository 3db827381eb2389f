"""When something was said, as chats, calls and mails write it down beside the words.

stamp = date | clock | date [, | at] clock | clock [,] date        perhaps in [] or ()
date  = 2026-03-12 | 12/03/2026 | 12 March [2026] | Mar 12[, 2026] | today | yesterday
clock = 10:02[:33] [am | pm]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Final

_YEAR: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_WEEK: Final = "mon tue wed thu fri sat sun"
_MONTHS: Final = _YEAR.split()
_WEEKDAYS: Final = _WEEK.split()
_MONTH: Final = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY: Final = r"\d{1,2}(?:st|nd|rd|th)?\.?"
_WEEKDAY: Final = rf"(?:{'|'.join(_WEEKDAYS)})[a-z]{{0,6}}\.?"
_DATE: Final = re.compile(
    rf"(?:{_WEEKDAY},?\s{{1,3}})?(?:"
    r"(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
    r"|(?P<first>\d{1,2})[/.\-](?P<second>\d{1,2})[/.\-](?P<year>\d{4}|\d{2})(?!\d)"
    rf"|(?P<dmy>{_DAY}\s{{1,3}}{_MONTH}(?:,?\s{{1,3}}\d{{4}})?)(?!\w)"
    rf"|(?P<mdy>{_MONTH}\s{{1,3}}{_DAY}(?:,?\s{{1,3}}\d{{4}})?)(?!\w)"
    rf"|(?P<nearby>today|yesterday)(?!\w))|(?P<weekday>{_WEEKDAY})(?!\w)",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:[.,]\d{1,3})?"
    r"(?:\s{0,2}(?P<half>[ap])\.?m\b\.?)?(?:Z|\s?(?:UTC|GMT)|\s?[+-]\d\d:?\d\d)?(?![\w:/])",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"(?:\s{0,3},\s{0,3}|T(?=\d)|\s{1,3})?(?:(?:at|um|à)\s{1,3})?", re.I)
_OPENS: Final = re.compile(r"[\[(]?\s{0,2}")
_SHUTS: Final = re.compile(r"\s{0,2}[\])]?")
_NOON: Final = 12
_CENTURY: Final = 100


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What the wall showed. A day is a date, numbers in some order, days ago, or a weekday."""

    on: date | None = None
    numbers: tuple[int, int, int] | None = None
    days_ago: int | None = None
    weekday: int | None = None  # Monday is 0
    clock: time | None = None
    has_half: bool = False  # am or pm was said

    @property
    def has_day(self) -> bool:
        days = (self.on, self.numbers, self.days_ago, self.weekday)
        return any(each is not None for each in days)


def match(text: str, at: int = 0) -> tuple[Stamp, int] | None:
    """The stamp that stands at `at`, brackets included, and where it ends."""
    opened = _OPENS.match(text, at)
    start = opened.end() if opened else at
    day = _DATE.match(text, start)
    clock = _CLOCK.match(text, _after(text, day) if day else start)
    if day is None and clock is not None:
        day = _DATE.match(text, _after(text, clock))
    found = [each for each in (day, clock) if each is not None]
    stamp = _stamp(day, clock)
    if not found or stamp is None:
        return None
    shut = _SHUTS.match(text, max(each.end() for each in found))
    return stamp, shut.end() if shut else len(text)


def search(text: str) -> Stamp | None:
    """The first stamp with a day somewhere in a short text, such as the date line of a mail."""
    for number in re.finditer(r"\b\w", text):
        found = match(text, number.start())
        if found is not None and found[0].has_day:
            return found[0]
    return None


def _after(text: str, found: re.Match[str]) -> int:
    between = _BETWEEN.match(text, found.end())
    return between.end() if between else found.end()


def _stamp(day: re.Match[str] | None, clock: re.Match[str] | None) -> Stamp | None:
    try:
        shown = _time(clock) if clock else None
        half = bool(clock and clock["half"])
        if day is None:
            return Stamp(clock=shown, has_half=half) if shown else None
        if day["nearby"]:
            ago = int(day["nearby"].lower() == "yesterday")
            return Stamp(days_ago=ago, clock=shown, has_half=half)
        if day["weekday"]:
            weekday = _WEEKDAYS.index(day["weekday"][:3].lower())
            return Stamp(weekday=weekday, clock=shown, has_half=half) if shown else None
        if day["first"]:
            return Stamp(numbers=_numbers(day), clock=shown, has_half=half)
        on = _date(day)
        return Stamp(on=on, clock=shown, has_half=half) if on or shown else None
    except ValueError:  # a 45th of May, a 27th hour
        return None


def _time(clock: re.Match[str]) -> time:
    hour = int(clock["hour"])
    if clock["half"]:
        if not 1 <= hour <= _NOON:
            raise ValueError(hour)
        hour = hour % _NOON + (_NOON if clock["half"].lower() == "p" else 0)
    return time(hour, int(clock["minute"]), int(clock["second"] or 0))


def _numbers(day: re.Match[str]) -> tuple[int, int, int]:
    first, second, year = int(day["first"]), int(day["second"]), int(day["year"])
    year += 20 * _CENTURY if year < _CENTURY else 0
    in_order = 1 <= second <= _NOON, 1 <= first <= _NOON
    if not any(in_order):
        raise ValueError(day[0])
    date(year, second, first) if in_order[0] else date(year, first, second)
    return first, second, year


def _date(day: re.Match[str]) -> date | None:
    """None where the year is not said: a day without one tells too little."""
    if day["iso"]:
        return date.fromisoformat(day["iso"])
    said = day["dmy"] or day["mdy"]
    month = re.search(rf"({'|'.join(_MONTHS)})", said, re.IGNORECASE)
    numbers = re.findall(r"\d+", said)
    if month is None or len(numbers) < 2:
        return None
    return date(int(numbers[1]), _MONTHS.index(month[0].lower()) + 1, int(numbers[0]))
