"""Times, lengths and counts in the words people read, the same on every page and in every mail.

Staff read `Fri 22 May, 10:00 am`, customers `Friday 22 May, 10:00 am`. Noon and midnight are named,
because "12 am" is misread by about half of all readers. The year is said only when it is not the
reader's own. Everything is said in the reader's zone; `now` decides what "today" is there.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Audience = Literal["staff", "customer"]

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_NEARBY = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}
_DAY = timedelta(days=1)


def say_time(at: datetime, *, zone: str, now: datetime, audience: Audience = "staff") -> str:
    """`Fri 22 May, 10:00 am`; for customers `Friday 22 May, 10:00 am`."""
    return f"{say_day(at, zone=zone, now=now, audience=audience)}, {say_clock(at, zone=zone)}"


def say_time_nearby(at: datetime, *, zone: str, now: datetime, audience: Audience = "staff") -> str:
    """`Today, 12:50 pm`, `Tomorrow, 11:00 am`, and the full time further away."""
    day = say_day_nearby(at, zone=zone, now=now, audience=audience)
    return f"{day}, {say_clock(at, zone=zone)}"


def say_time_inside(at: datetime, *, zone: str, now: datetime) -> str:
    """The same within a sentence: `today at 12:50 pm`, `Fri 22 May, 10:00 am`."""
    day = say_day_nearby(at, zone=zone, now=now)
    joined = f"{day.lower()} at" if day in _NEARBY.values() else f"{day},"
    return f"{joined} {say_clock(at, zone=zone)}"


def say_day(at: datetime, *, zone: str, now: datetime, audience: Audience = "staff") -> str:
    """`Fri 22 May`; `Friday 22 May` for customers; with the year when it is not this year."""
    local, today = _local(at, zone), _local(now, zone)
    weekday, month = _WEEKDAYS[local.weekday()], _MONTHS[local.month - 1]
    if audience == "staff":
        weekday, month = weekday[:3], month[:3]
    year = "" if local.year == today.year else f" {local.year}"
    return f"{weekday} {local.day} {month}{year}"


def say_day_nearby(at: datetime, *, zone: str, now: datetime, audience: Audience = "staff") -> str:
    """`Today`, `Yesterday` or `Tomorrow` in the reader's zone, and the day's date otherwise."""
    distance = (_local(at, zone).date() - _local(now, zone).date()).days
    return _NEARBY.get(distance) or say_day(at, zone=zone, now=now, audience=audience)


def say_clock(at: datetime, *, zone: str) -> str:
    """`10:00 am`, `12:00 noon`, `12:00 midnight`."""
    local = _local(at, zone)
    if local.minute == 0 and local.hour % 12 == 0:
        return "12:00 noon" if local.hour else "12:00 midnight"
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


def say_wall(clock: time) -> str:
    """What a clock on the wall shows: `5:00 pm`."""
    return say_clock(datetime.combine(date(2026, 1, 1), clock, UTC), zone="UTC")


def say_gap(length: timedelta) -> str:
    """A length in words, rounded down: `1 h 20 min`, `2 days`; its sign is not said."""
    length = abs(length)
    if length >= _DAY:
        return f"{length.days} {'day' if length.days == 1 else 'days'}"
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return " ".join(parts) or "less than a minute"


def say_ago(at: datetime, *, now: datetime) -> str:
    """`1 h 20 min ago`, or `in 1 h 20 min` for what is still to come."""
    if at > now:
        return f"in {say_gap(at - now)}"
    return f"{say_gap(now - at)} ago"


def say_left(due_at: datetime, *, zone: str, now: datetime) -> str:
    """A row's time: `In 1 h 20 min`, `1 h 20 min late`, `Tomorrow`, `Tue 26 May`."""
    if due_at < now:
        return sentence_case(f"{say_gap(now - due_at)} late")
    if _local(due_at, zone).date() == _local(now, zone).date():
        return f"In {say_gap(due_at - now)}"
    return say_day_nearby(due_at, zone=zone, now=now)


def say_zone(zone: str) -> str:
    """`New York time` for `America/New_York`; `UTC` for what names no place."""
    area, _, place = zone.rpartition("/")
    if not area or area == "Etc":
        return place
    return f"{place.replace('_', ' ')} time"


def say_count(number: int, one: str, many: str = "") -> str:
    """`one promise`, `four promises`, `14 promises`; `many` only where adding an s is wrong."""
    word = _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)
    return f"{word} {one if number == 1 else many or one + 's'}"


def sentence_case(words: str) -> str:
    """The same words, fit to begin a sentence."""
    return words[:1].upper() + words[1:]


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))
