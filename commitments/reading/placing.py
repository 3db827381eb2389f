"""Meanings placed on the calendar: the instant, what was chosen, and what else it could be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final

from commitments.errors import CommitmentError
from commitments.reading.times import clocks, dates
from commitments.reading.times.meaning import (
    At,
    Closing,
    Day,
    EitherOrder,
    Elapsed,
    Exactly,
    InDays,
    InWeek,
    Latest,
    Meaning,
    Moment,
    OnDate,
    SameTime,
    Span,
    Until,
    Weekday,
    WorkingDays,
    WorkingTime,
)
from commitments.rules import due_time, saying, steps, wall_clock
from commitments.rules.business_time import Hours

_USUAL_CLOSE: Final = time(17)
_END_OF_DAY: Final = time(23, 59)
_SMALL_HOURS: Final = time(6)
_AWAKE: Final = (time(7), time(22))
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_BEYOND: Final = (CommitmentError, OverflowError, ValueError, dates.NoSuchDay)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and when something is said. `closes` ends a day that is named without a time."""

    now: datetime
    zone: str
    hours: Hours
    closes: time | None
    today: date = field(init=False)
    calendar: dates.Calendar = field(init=False)

    def __post_init__(self) -> None:
        today = self.now.astimezone(wall_clock.zone_named(self.zone)).date()
        object.__setattr__(self, "today", today)
        object.__setattr__(self, "calendar", dates.Calendar(today, self.zone, self.hours))


@dataclass(frozen=True)
class Placed:
    """`at` in UTC; `adjusted` a sentence where the clocks skip that time or show it twice.

    `way` tells the steps that lead there; it is asked only where `at` lies ahead.
    """

    at: datetime
    way: Callable[[], steps.Chain]
    adjusted: str = ""


def placed(meaning: Meaning, place: Place) -> Placed | None:
    """The instant; None for a day that does not exist, a calendar that never opens, or too far."""
    try:
        return _placed(meaning, place)
    except _BEYOND:
        return None


def no_such_day(meaning: Meaning, place: Place) -> str:
    """A sentence where the words name a day that does not exist; else ""."""
    try:
        _placed(meaning, place)
    except dates.NoSuchDay as no:
        return str(no)
    except _BEYOND:
        return ""
    return ""


def steps_to(found: Placed, place: Place) -> steps.Chain:
    """The steps from now to a deadline that lies ahead; they end exactly there."""
    with suppress(CommitmentError):
        chain = found.way()
        if steps.leads_to(chain, found.at):
            return chain
    return steps.until(place.now, found.at, zone=place.zone)


def rolled_on(meaning: Meaning, place: Place) -> str:
    """`9:00 am today has passed` where a clock time alone was moved on to tomorrow; else ""."""
    match meaning:
        case Moment(None, At(clock, False), zone) if placed(meaning, place):
            today = due_time.wall_time(place.today, clock, zone or place.zone)[0]
            if today > place.now or zone:
                return ""
            return f"{saying.say_clock(today, zone=place.zone)} today has passed"
    return ""


def beginning(meaning: Meaning, at: datetime, place: Place) -> datetime | None:
    """When the window that ends at `at` begins, where both ends are times of one day; else None.

    An hour without its half of the day is the last such one before the end: between 9 and 5pm.
    """
    match meaning:
        case Span(Moment(first, At() as clock, zone), Moment(last, At())) if first == last:
            there = wall_clock.zone_named(zone or place.zone)
            halves = (clock, clocks.other_half(clock)) if clock.is_either else (clock,)
            today = at.astimezone(there).date()
            found = [
                due_time.wall_time(on, half.clock, there.key)[0]
                for on in (today, today - _DAY)
                for half in halves
            ]
            before = [begins for begins in found if place.now < begins < at]
            return max(before, default=None)
    return None


def alternatives(meaning: Meaning, at: datetime, place: Place) -> Iterator[tuple[datetime, str]]:
    """What other people mean by the same words, where it lies ahead, each with a sentence."""
    seen = {at}
    for other in _others(meaning, place):
        found = placed(other, place)
        if found is None or found.at <= place.now or found.at in seen:
            continue
        seen.add(found.at)
        said = saying.say_time(found.at, zone=place.zone, now=place.now)
        yield found.at, f"Some people mean {said}."


def _others(meaning: Meaning, place: Place) -> Iterator[Meaning]:
    match meaning:
        case Latest(_, last):
            yield from _others(last, place)
        case Span(_, ends):  # its beginning tells the half of the day
            yield from (replace(ends, day=other) for other in _other_days(ends.day, place))
        case Moment(day, clock):
            yield from (replace(meaning, day=other) for other in _other_days(day, place))
            if isinstance(clock, At) and clock.is_either:
                chosen = _chosen(meaning, clock, place)
                yield replace(meaning, clock=clocks.other_half(chosen))


def _other_days(day: Day | None, place: Place) -> Iterator[Day]:
    """Next Friday may be the next that comes, Friday said on a Friday today; 12/01 either order."""
    match day:
        case Weekday(number, True):
            yield Weekday(number)
        case InWeek(6, 1):
            yield InWeek(6, 0)
        case Weekday(number, False, 0) if number == place.today.weekday():
            yield OnDate(place.today)
        case EitherOrder():
            yield from map(OnDate, dates.readings_of(day, place.calendar)[1:])


def _placed(meaning: Meaning, place: Place) -> Placed:
    match meaning:
        case Exactly(at):
            return _exactly(at, place)
        case Elapsed(length):
            return _elapsed(length, place)
        case WorkingTime(length):
            at = place.hours.add(place.now, length)
            return Placed(at, partial(place.hours.walk, place.now, length))
        case Latest(first, second):
            return max(_placed(first, place), _placed(second, place), key=lambda found: found.at)
        case Span(begins, ends):
            return _end_of_span(begins, ends, place)
        case Moment():
            return _moment(meaning, place)


def _exactly(at: datetime, place: Place) -> Placed:
    if at.tzinfo is None:
        return _on_the_wall(at.date(), at.time(), place.zone, place)
    return _instant(at.astimezone(UTC), place)


def _elapsed(length: timedelta, place: Place) -> Placed:
    way = partial(steps.elapsed, place.now, length, zone=place.zone)
    return Placed(place.now.astimezone(UTC) + length, way)


def _instant(at: datetime, place: Place) -> Placed:
    return Placed(at, partial(steps.until, place.now, at, zone=place.zone))


def _on_the_wall(on: date, clock: time, zone: str, place: Place, *, days: int = 0) -> Placed:
    """A time that clocks in `zone` show; `days` where that many were counted to it."""
    at, adjusted = due_time.wall_time(on, clock, zone)
    way = partial(steps.on_the_wall, place.now, on, clock, zone=zone, days=days)
    return Placed(at, way, adjusted)


def _end_of_span(begins: Moment, ends: Moment, place: Place) -> Placed:
    """The end, which lies after the beginning: Friday to Monday, from 6pm to 8."""
    first, last = _placed(begins, place), _placed(ends, place)
    if last.at > first.at:
        return last
    if isinstance(ends.day, Weekday) and not ends.day.is_next:
        return _placed(replace(ends, day=replace(ends.day, later=ends.day.later + 1)), place)
    is_said = isinstance(begins.clock, At) and not begins.clock.is_either
    if is_said and isinstance(ends.clock, At) and ends.clock.is_either:
        later = _placed(replace(ends, clock=clocks.other_half(ends.clock)), place)
        return later if later.at > first.at else last
    return last


def _moment(meaning: Moment, place: Place) -> Placed:
    if isinstance(meaning.clock, At):
        meaning = replace(meaning, clock=_chosen(meaning, meaning.clock, place))
    if meaning.day is None:
        return _next_time(meaning, place)
    on = dates.date_of(meaning.day, place.calendar)
    if meaning.before:
        return _on_the_wall(on - _DAY, _END_OF_DAY, place.zone, place)
    found = _on(on, meaning, place)
    if not isinstance(meaning.day, WorkingDays):
        return found
    return replace(found, way=partial(_counted, meaning.day.days, found, meaning, place))


def _counted(days: int, found: Placed, meaning: Moment, place: Place) -> steps.Chain:
    """The working days that are counted up to the one on which it is due."""
    zone = meaning.zone or place.zone
    there = found.at.astimezone(wall_clock.zone_named(zone))
    has_clock = place.closes is not None or isinstance(meaning.clock, At | Until | SameTime)
    if not has_clock:
        return place.hours.walk_days(place.now, days)
    return place.hours.walk_days(place.now, days, clock=there.time(), zone=zone)


def _chosen(meaning: Moment, at: At, place: Place) -> At:
    """An hour of which the half of the day was not said: alone, the next that people are awake."""
    if not at.is_either or meaning.day is not None:
        return At(at.clock)
    return min(
        (At(at.clock), clocks.other_half(at)),
        key=lambda one: (
            not _AWAKE[0] <= one.clock < _AWAKE[1],
            _next_time(replace(meaning, clock=one), place).at,
        ),
    )


def _next_time(meaning: Moment, place: Place) -> Placed:
    """A time of day alone: today if it lies ahead; a morning is that of the next day."""
    local = place.now.astimezone(wall_clock.zone_named(meaning.zone or place.zone))
    is_morning = isinstance(meaning.clock, Until) and meaning.clock.half == "a"
    today = _on(local.date(), meaning, place)
    if is_morning and local.time() >= _SMALL_HOURS:
        return _on(local.date() + _DAY, meaning, place)
    if today.at > place.now or isinstance(meaning.clock, Closing):
        return today
    return _on(local.date() + _DAY, meaning, place)


def _on(on: date, meaning: Moment, place: Place) -> Placed:
    zone = meaning.zone or place.zone
    match meaning.clock:
        case At(clock) | Until(clock):
            return _on_the_wall(on, clock, zone, place, days=_days_asked(meaning))
        case Closing() if meaning.zone:
            return _on_the_wall(on, place.closes or _USUAL_CLOSE, zone, place)
        case SameTime():
            local = place.now.astimezone(wall_clock.zone_named(zone)).time()
            return _on_the_wall(on, local, zone, place, days=_days_asked(meaning))
    return _close(on, place, days=_days_asked(meaning))


def _days_asked(meaning: Moment) -> int:
    """How many days of the calendar were asked for, where the day was named so."""
    return meaning.day.days if isinstance(meaning.day, InDays) else 0


def _close(on: date, place: Place, *, days: int) -> Placed:
    """The end of a day: at the usual hour, else when its hours end."""
    if place.closes is not None:
        return _on_the_wall(on, place.closes, place.zone, place, days=days)
    closing = place.hours.closing_on(on)
    if closing is None:
        return _on_the_wall(on, _USUAL_CLOSE, place.zone, place, days=days)
    there = closing.astimezone(wall_clock.zone_named(place.hours.zone))
    # Midnight would belong to the next day.
    at = closing - _MINUTE if there.time() == time(0) else closing
    return Placed(at, partial(steps.until_closing, place.now, on, at, zone=place.zone, days=days))
