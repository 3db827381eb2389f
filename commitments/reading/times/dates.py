"""The date that a day means, seen from where it was said."""

from __future__ import annotations

import calendar
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from commitments.reading.times.meaning import (
    After,
    Day,
    DayOfMonth,
    EitherOrder,
    InDays,
    InMonths,
    InWeek,
    MonthDay,
    Named,
    NthOf,
    OnDate,
    QuarterEnds,
    Same,
    Weekday,
    WeekEnds,
    WeekOf,
    WorkingDays,
    YearEnds,
)
from commitments.rules import wall_clock
from commitments.rules.business_time import Hours

_DAY: Final = timedelta(days=1)
_FRIDAY: Final = 4
# Where the month is written before the day: 12/25.
_MONTH_FIRST: Final = frozenset(
    f"America/{place}"
    for place in (
        *("New_York", "Chicago", "Denver", "Los_Angeles", "Phoenix", "Detroit", "Boise"),
        *("Anchorage", "Juneau", "Adak", "Indianapolis", "Menominee", "Puerto_Rico"),
    )
) | {"Pacific/Honolulu", "Pacific/Guam"}
_MONTH_FIRST_AREAS: Final = (
    "US/",
    "America/Indiana/",
    "America/Kentucky/",
    "America/North_Dakota/",
)


class NoSuchDay(Exception):
    """The words name a day that does not exist; its message says which, to a person."""

    def __init__(self, message: str = "There is no such day. Check the date.") -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Calendar:
    """Where a day is said: on which date, in which zone, beside which working hours."""

    today: date
    zone: str
    hours: Hours

    @property
    def is_month_first(self) -> bool:
        return self.zone in _MONTH_FIRST or self.zone.startswith(_MONTH_FIRST_AREAS)

    def seen_from(self, today: date) -> Calendar:
        return replace(self, today=today)


def date_of(day: Day, place: Calendar) -> date:
    """Raises NoSuchDay, and OverflowError or ValueError past the end of dates."""
    today = place.today
    match day:
        case InDays(days):
            return today + timedelta(days=days)
        case InMonths(months, days):
            return _months_on(today, months, today.day, clipped=True) + timedelta(days=days)
        case WorkingDays(days):
            return working_day(days, place)
        case After(length, base):
            return date_of(length, place.seen_from(date_of(base, place)))
    for rule in (_of_two, _of_week, _of_month):
        found = rule(day, place)
        if found is not None:
            return found
    return _of_year(day, place)


def working_day(days: int, place: Calendar) -> date:
    """The n-th working day after today. Raises NeverOpen or TooFar."""
    there = wall_clock.zone_named(place.hours.zone)
    noon = datetime.combine(place.today, time(12), there)
    closing = place.hours.closing(noon, days).astimezone(there)
    # A day that closes at midnight closes on the next date.
    return closing.date() - (_DAY if closing.time() == time(0) else timedelta())


def readings_of(day: EitherOrder, place: Calendar) -> list[date]:
    """The dates that two numbers can be, first the one that is written so where this is said."""
    first, second = (
        MonthDay(day.first, day.second, day.year),
        MonthDay(day.second, day.first, day.year),
    )
    ordered = [first, second] if place.is_month_first else [second, first]
    found = []
    for one in ordered:
        with suppress(NoSuchDay):
            found.append(date_of(one, place))
    return list(dict.fromkeys(found))


def _of_two(day: Day, place: Calendar) -> date | None:
    match day:
        case Named(number, named):
            return _on_weekday(number, date_of(named, place))
        case Same(first, second):
            return _one_day(date_of(first, place), date_of(second, place))
    return None


def _of_week(day: Day, place: Calendar) -> date | None:
    monday = place.today - timedelta(days=place.today.weekday())
    match day:
        case Weekday(number, False, later):
            ahead = (number - place.today.weekday() - 1) % 7 + 1
            return place.today + timedelta(days=ahead, weeks=later)
        case Weekday(number, True, later):
            return monday + timedelta(days=number, weeks=1 + later)
        case InWeek(number, week):
            return monday + timedelta(days=number, weeks=week)
        case WeekEnds(week):
            return monday + timedelta(days=_last_working(place.hours), weeks=week)
        case WeekOf(inner):
            return date_of(WeekEnds(0), place.seen_from(date_of(inner, place)))
    return None


def _last_working(hours: Hours) -> int:
    """Friday, or the last day before it on which this calendar opens."""
    opens = [number for number in range(_FRIDAY + 1) if hours.weekly[number]]
    return opens[-1] if opens else _FRIDAY


def _of_month(day: Day, place: Calendar) -> date | None:
    match day:
        case DayOfMonth():
            return _day_of_month(day, place.today)
        case MonthDay():
            return _month_day(day, place.today)
        case EitherOrder():
            found = readings_of(day, place)
            return next((on for on in found if on >= place.today), next(iter(found), None))
        case NthOf():
            return _nth_of(day, place)
    return None


def _of_year(day: Day, place: Calendar) -> date:
    match day:
        case QuarterEnds():
            return _quarter_ends(day, place.today)
        case YearEnds(years):
            return date(place.today.year + years, 12, 31)
        case OnDate(on):
            return on
    raise NoSuchDay


def _one_day(first: date, second: date) -> date:
    if first != second:
        raise NoSuchDay(f"{_said(first)} is not {_said(second)}. Say which of them is meant.")
    return first


def _said(on: date) -> str:
    return f"{on.day} {calendar.month_name[on.month]}"


def _on_weekday(number: int, on: date) -> date:
    if on.weekday() != number:
        real, said = calendar.day_name[on.weekday()], calendar.day_name[number]
        raise NoSuchDay(f"{_said(on)} is a {real}, not a {said}. Say which of them is meant.")
    return on


def _months_on(today: date, months: int, day: int, *, clipped: bool) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    if day > length and not clipped:
        raise NoSuchDay
    return date(year, month + 1, min(day, length))


def _day_of_month(day: DayOfMonth, today: date) -> date:
    if day.month is not None:
        return _months_on(today, day.month, day.day, clipped=day.clipped)
    for months in range(4):  # no two months in a row are short of the same day
        with suppress(NoSuchDay):
            found = _months_on(today, months, day.day, clipped=day.clipped)
            if found >= today:
                return found
    raise NoSuchDay


def _month_day(day: MonthDay, today: date) -> date:
    years = [day.year] if day.year else range(today.year, today.year + 9)
    for year in years:
        found = _in_year(day, year)
        if found is not None and (day.year or found >= today):
            return found
    raise NoSuchDay


def _in_year(day: MonthDay, year: int) -> date | None:
    if not 1 <= day.month <= 12:
        return None
    length = calendar.monthrange(year, day.month)[1]
    if day.day > length and not day.clipped:
        return None
    return date(year, day.month, min(day.day, length))


def _nth_of(day: NthOf, place: Calendar) -> date:
    """The n-th such day of the month, the next month's where that has passed and none was named."""
    first = date_of(day.month, place) if isinstance(day.month, DayOfMonth) else None
    if first is None:
        for years in range(2):
            seen = place.seen_from(place.today.replace(day=1))
            begins = date_of(day.month, seen)
            found = _nth_from(begins.replace(year=begins.year + years), day, place)
            if found >= place.today:
                return found
        raise NoSuchDay
    return _nth_from(first, day, place)


def _nth_from(first: date, day: NthOf, place: Calendar) -> date:
    """Counted from the first of a month, or back from its end."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if day.weekday is None:
        edge = last + _DAY if day.nth < 0 else first - _DAY
        return working_day(day.nth, place.seen_from(edge))
    if day.nth < 0:
        return last - timedelta(days=(last.weekday() - day.weekday) % 7)
    found = first + timedelta(days=(day.weekday - first.weekday()) % 7, weeks=day.nth - 1)
    if found > last:
        raise NoSuchDay
    return found


def _quarter_ends(day: QuarterEnds, today: date) -> date:
    current = (today.month - 1) // 3
    ahead = (day.named - 1 - current) % 4 if day.named else day.quarters
    return _months_on(
        today.replace(day=1), 3 * (current + ahead) + 3 - today.month, 31, clipped=True
    )
