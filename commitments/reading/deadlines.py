"""When something is due, from the words in which it was promised: an instant, or nothing.

What is not understood to the last word is not read at all: a guess would be kept as a promise. The
words are taken apart into tokens, the tokens read by a small grammar into a meaning, and the
meaning placed on the calendar.

    deadline  = instant | length | moment
    length    = [in | within | +] amount [business | working | work] unit
    amount    = number [(- | to | or) number]                    the larger counts
    moment    = parts of at most one day and one clock time, each after [by | before | until | ,]
    day       = date | today | tomorrow | weekday                the next such day after today

Minutes and hours are elapsed time; days and weeks are dates, which end when the day closes. Working
days begin to count on the next one. A clock time alone is its next occurrence. "Before Friday" ends
with Thursday, "before Friday 5pm" on Friday at five. Nothing read is ever in the past.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from commitments.errors import CommitmentError
from commitments.reading import grammar
from commitments.reading.grammar import (
    Elapsed,
    Exactly,
    Meaning,
    NextTime,
    OnDay,
    WorkingDays,
    WorkingTime,
)
from commitments.reading.tokens import tokens_of
from commitments.rules import due_time, wall_clock
from commitments.rules.business_time import Hours

_USUAL_CLOSE: Final = time(17)
_END_OF_DAY: Final = time(23, 59)
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Reading:
    """What a phrase means: `at` in UTC, and the phrase as `said`.

    `adjusted` is a sentence where the clocks skip that time or show it twice, "" otherwise.
    """

    at: datetime
    said: str
    adjusted: str = ""


def read(
    text: str, *, now: datetime, zone: str, hours: Hours, closes: time | None = None
) -> Reading | None:
    """The deadline that a phrase names, seen from `now` in `zone`; None if it names none.

    `closes` is the time of day for a day without one; where it is None, the day ends when `hours`
    close, or at 17:00 on a day without hours. Raises UnknownZone; whatever is said raises nothing.
    """
    reading = _understood(text, _Place(now=now, zone=zone, hours=hours, closes=closes))
    return reading if reading is not None and reading.at > now else None


def why_not(
    text: str, *, now: datetime, zone: str, hours: Hours, closes: time | None = None
) -> str:
    """A sentence for a phrase that was understood and names a time that has passed; else ""."""
    reading = _understood(text, _Place(now=now, zone=zone, hours=hours, closes=closes))
    if reading is None or reading.at > now:
        return ""
    return due_time.passed(reading.at, zone=zone, now=now)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where and when something is said."""

    now: datetime
    zone: str
    hours: Hours
    closes: time | None
    today: date = field(init=False)

    def __post_init__(self) -> None:
        local = self.now.astimezone(wall_clock.zone_named(self.zone))
        object.__setattr__(self, "today", local.date())


def _understood(text: str, place: _Place) -> Reading | None:
    tokens = tokens_of(text)
    meaning = grammar.meaning_of(tokens) if tokens else None
    if meaning is None:
        return None
    try:
        at, adjusted = _placed(meaning, place)
    except (CommitmentError, OverflowError):  # a calendar that never opens, a time beyond reach
        return None
    return Reading(at, " ".join(text.split()), adjusted)


def _placed(meaning: Meaning, place: _Place) -> tuple[datetime, str]:
    match meaning:
        case Exactly(at):
            return _exactly(at, place)
        case Elapsed(length):
            return place.now.astimezone(UTC) + length, ""
        case WorkingTime(length):
            return place.hours.add(place.now, length), ""
        case WorkingDays(days):
            return _working_day_close(days, place)
        case NextTime(clock):
            return _next_time(clock, place)
        case OnDay():
            return _on_day(meaning, place)


def _exactly(at: datetime, place: _Place) -> tuple[datetime, str]:
    if at.tzinfo is None:
        return due_time.wall_time(at.date(), at.time(), place.zone)
    return at.astimezone(UTC), ""


def _next_time(clock: time, place: _Place) -> tuple[datetime, str]:
    today = due_time.wall_time(place.today, clock, place.zone)
    if today[0] > place.now:
        return today
    return due_time.wall_time(place.today + _DAY, clock, place.zone)


def _on_day(meaning: OnDay, place: _Place) -> tuple[datetime, str]:
    on = grammar.date_of(meaning.day, place.today)
    if meaning.clock is not None:
        return due_time.wall_time(on, meaning.clock, place.zone)
    if meaning.before:
        return due_time.wall_time(on - _DAY, _END_OF_DAY, place.zone)
    return _close(on, place)


def _close(on: date, place: _Place) -> tuple[datetime, str]:
    """The end of a day: at the usual hour, else when its hours end."""
    if place.closes is not None:
        return due_time.wall_time(on, place.closes, place.zone)
    closing = place.hours.closing_on(on)
    if closing is None:
        return due_time.wall_time(on, _USUAL_CLOSE, place.zone)
    return _before_midnight(closing, place), ""


def _working_day_close(days: int, place: _Place) -> tuple[datetime, str]:
    closing = _before_midnight(place.hours.closing(place.now, days), place)
    if place.closes is None:
        return closing, ""
    on = closing.astimezone(wall_clock.zone_named(place.hours.zone)).date()
    return due_time.wall_time(on, place.closes, place.zone)


def _before_midnight(closing: datetime, place: _Place) -> datetime:
    """The closing itself; a minute earlier where it is midnight, which the next day would own."""
    there = closing.astimezone(wall_clock.zone_named(place.hours.zone))
    return closing - _MINUTE if there.time() == time(0) else closing
