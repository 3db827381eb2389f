"""When a promise may be due, and what a time on somebody's clock means.

By hand a due time lies ahead; always it lies after the promise was made, and within five years of
it. What a wall clock shows is read as `wall_clock` says, and a reading that had to choose says so.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from commitments.errors import CommitmentError
from commitments.rules import saying, wall_clock

_FURTHEST: Final = timedelta(days=5 * 365 + 2)  # five years, whichever leap days they hold
_LONG_AGO: Final = timedelta(days=366)


class WrongDueTime(CommitmentError):
    """A promise cannot be due then."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="due_at")


def check_due(
    due_at: datetime, *, promised_at: datetime, now: datetime, by_hand: bool, zone: str
) -> None:
    """Refuse, with WrongDueTime, a due time that cannot be; `zone` is the reader's, for the words.

    Entered by hand it must lie ahead; imported, it is judged only against its own promise.
    """
    if due_at.tzinfo is None:
        raise WrongDueTime("Say in which time zone it is due, as in 2026-05-26T16:30:00+02:00.")
    if by_hand and due_at <= now:
        raise WrongDueTime(passed(due_at, zone=zone, now=now))
    if due_at <= promised_at:
        raise WrongDueTime("The due time is not after the promise. Give a later time.")
    if due_at - (now if by_hand else promised_at) > _FURTHEST:
        raise WrongDueTime("That is more than five years ahead. Give an earlier time.")


def passed(at: datetime, *, zone: str, now: datetime) -> str:
    """`1:00 pm today has passed. Give a later time.`"""
    if now - at > _LONG_AGO:
        return "That time has long passed. Give a later one."
    there = wall_clock.zone_named(zone)
    today = at.astimezone(there).date() == now.astimezone(there).date()
    day = "today" if today else f"on {saying.say_day(at, zone=zone, now=now)}"
    return f"{saying.say_clock(at, zone=zone)} {day} has passed. Give a later time."


def wall_time(day: date, clock: time, zone: str) -> tuple[datetime, str]:
    """The instant, in UTC, at which clocks in `zone` show this; and a sentence where we chose.

    A time that the clocks skip is the first instant after the gap; one that they show twice is its
    first occurrence. The sentence is empty on every other day. Raises UnknownZone.
    """
    there = wall_clock.zone_named(zone)
    wall = datetime.combine(day, clock.replace(tzinfo=None))
    at, trouble = wall_clock.resolve(wall, there)
    if trouble == "twice":
        return at, f"The clocks show {_said(wall)} twice that night; the first is meant."
    if trouble == "skipped":
        real = _said(at.astimezone(there))
        return at, f"The clocks skip {_said(wall)}; {real} is meant, the first time after it."
    return at, ""


def _said(wall: datetime) -> str:
    """The time of day, and the date, that a clock on the wall shows."""
    shown = wall.replace(tzinfo=UTC)
    clock, day = saying.say_clock(shown, zone="UTC"), saying.say_day(shown, zone="UTC", now=shown)
    return f"{clock} on {day}"
