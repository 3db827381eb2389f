"""Four weeks of open hours after exceptions, and a deadline tried out on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from commitments.models import Calendar
from commitments.reading import deadlines
from commitments.rules import steps, wall_clock
from commitments.rules.business_time import Hours

_A_DAY = timedelta(days=1)
_WEEKS = 4


@dataclass(frozen=True, kw_only=True)
class Day:
    """One square: when it is open, how long that really is, and why it is not as usual."""

    on: date
    title: str
    spans: Sequence[str]
    length: str
    note: str
    is_exception: bool
    is_today: bool

    @property
    def is_open(self) -> bool:
        return bool(self.spans)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a deadline in words comes to."""

    text: str
    at: datetime | None = None
    problem: str = ""
    way: Sequence[str] = ()


def days(hours: Hours, names: Mapping[date, str], *, now: datetime) -> list[Day]:
    """From this week's Monday on."""
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    monday = today - today.weekday() * _A_DAY
    return [
        _day(hours, monday + number * _A_DAY, names, monday=monday, today=today)
        for number in range(7 * _WEEKS)
    ]


def _day(hours: Hours, on: date, names: Mapping[date, str], *, monday: date, today: date) -> Day:
    zone = ZoneInfo(hours.zone)
    begins = wall_clock.midnight(on, zone)
    ends = wall_clock.midnight(on + _A_DAY, zone)
    spans = hours.exceptions.get(on, hours.weekly[on.weekday()])
    is_exception = on in hours.exceptions
    open_for = hours.between(begins, ends)
    notes = [names.get(on, "Other hours")] * is_exception + [_clocks(ends - begins)]
    return Day(
        on=on,
        title=_title(on, is_first=on == monday),
        spans=[f"{_clock(opens)}-{_clock(closes)}" for opens, closes in spans],
        length=steps.say_length(open_for) if spans else "",
        note=". ".join(note for note in notes if note),
        is_exception=is_exception,
        is_today=on == today,
    )


def _title(on: date, *, is_first: bool) -> str:
    """The month where it begins: `Mon 1 Dec`, `Tue 2`."""
    return f"{on:%a} {on.day}{f' {on:%b}' if on.day == 1 or is_first else ''}"


def _clocks(length: timedelta) -> str:
    if length < _A_DAY:
        return "Clocks go forward"
    return "Clocks go back" if length > _A_DAY else ""


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def tried(text: str, calendar: Calendar, *, now: datetime) -> Trial:
    """By the reader that quick add has."""
    hours = calendar.hours()
    found = deadlines.read(text, now=now, zone=calendar.zone, hours=hours)
    if found is None:
        why = deadlines.why_not(text, now=now, zone=calendar.zone, hours=hours)
        sorry = "This names no time. Try within 2 working days, or Friday 5pm."
        return Trial(text=text, problem=why or sorry)
    names = dict(calendar.holidays.values_list("on", "name"))
    way = [steps.say(each, zone=calendar.zone, now=now, holidays=names) for each in found.steps]
    notes = [each for each in (found.note, found.adjusted) if each]
    return Trial(text=text, at=found.at, way=[*notes, *way])
