"""Instants of what was said, from what clocks on the wall showed beside it.

A day holds until another is written. Clocks without any day belong to the latest day on which none
of them is still to come; where they run back by half a day, the next day has begun. `12/03` is
12 March, unless that cannot be, or would be still to come and 3 December would not. Times counted
from the beginning of a recording are no clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from commitments.rules import due_time, wall_clock

from .said import Transcript
from .stamps import Stamp

_DAY: Final = timedelta(days=1)
_NOON: Final = time(12)  # of a day without a clock
_HALF_A_DAY: Final = 12  # hours
_A_BEGINNING: Final = time(0, 5)
_FIRST_YEAR: Final = 1990  # a chat that is older was dated by mistake


def instants_of(
    transcript: Transcript, *, zone: str, now: datetime, on: date | None = None
) -> tuple[datetime | None, ...]:
    """When each was said, in UTC; None where that is not known, or would be after `now`.

    `on` is the day of clocks without one. What has no stamp was said with what went before, but for
    mails.
    """
    stamps = [said.stamp for said in transcript.said]
    if _are_counted(stamps):
        return (None,) * len(stamps)
    today = now.astimezone(wall_clock.zone_named(zone)).date()
    days = _days(stamps, today=today)
    begins_on = on or today
    placed = list(_placed(stamps, days, begins_on=begins_on, zone=zone))
    if on is None and not any(days):
        late = max((at - now for at in placed if at is not None), default=-_DAY)
        begins_on -= max(0, late // _DAY + 1) * _DAY
        placed = list(_placed(stamps, days, begins_on=begins_on, zone=zone))
    if transcript.is_mail:
        placed = [at if stamp else None for at, stamp in zip(placed, stamps, strict=True)]
    return tuple(at if at is not None and at <= now else None for at in placed)


def has_days(transcript: Transcript) -> bool:
    """Whether the text says a day anywhere, so that none was made up for its clocks."""
    return any(said.stamp is not None and said.stamp.has_day for said in transcript.said)


def _placed(
    stamps: Sequence[Stamp | None], days: Sequence[date | None], *, begins_on: date, zone: str
) -> Iterator[datetime | None]:
    day, clock, at = begins_on, None, None
    for stamp, own in zip(stamps, days, strict=True):
        shown = stamp.clock if stamp else None
        if own is None and shown and clock and clock.hour - shown.hour >= _HALF_A_DAY:
            day += _DAY
        day, clock = own or day, shown or clock
        if own is not None or shown is not None:
            at, _ = due_time.wall_time(day, shown or _NOON, zone)
        yield at


def _are_counted(stamps: Iterable[Stamp | None]) -> bool:
    shown = [stamp for stamp in stamps if stamp is not None]
    if not shown or any(stamp.has_day or stamp.has_half for stamp in shown):
        return False
    return shown[0].clock is not None and shown[0].clock < _A_BEGINNING


def _days(stamps: Sequence[Stamp | None], *, today: date) -> list[date | None]:
    numbered = [stamp.numbers for stamp in stamps if stamp and stamp.numbers]
    day_first = [_in_order(each, month_first=False) for each in numbered]
    month_first = [_in_order(each, month_first=True) for each in numbered]
    by_month = _fits(month_first, today) > _fits(day_first, today)
    return [_day(stamp, today=today, month_first=by_month) for stamp in stamps]


def _day(stamp: Stamp | None, *, today: date, month_first: bool) -> date | None:
    """The day beside some words, unless nobody can have written it there."""
    if stamp is None:
        return None
    day = stamp.on
    if stamp.days_ago is not None:
        day = today - stamp.days_ago * _DAY
    elif stamp.weekday is not None:
        day = today - (today.weekday() - stamp.weekday) % 7 * _DAY
    elif stamp.numbers is not None:
        day = _in_order(stamp.numbers, month_first=month_first)
    is_likely = day is not None and day.year >= _FIRST_YEAR and day - today <= _DAY
    return day if is_likely else None


def _fits(days: Iterable[date | None], today: date) -> int:
    return sum(day is not None and day <= today for day in days)


def _in_order(numbers: tuple[int, int, int], *, month_first: bool) -> date | None:
    first, second, year = numbers
    month, day = (first, second) if month_first else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None
