"""Figures of the reports in words: the same on every page of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commitments.rules import saying

TOO_FEW: Final = "Too few to show"
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = 60
_DAY: Final = 8 * _HOUR  # so many minutes of work are called a day


def share(part: float | None) -> str:
    """`86%` of a share between nought and one. Only all of them are 100%, and only none are 0%."""
    if part is None:
        return TOO_FEW
    percent = round(100 * part)
    return f"{percent if part in (0, 1) else min(max(percent, 1), 99)}%"


def day(on: date, *, today: date) -> str:
    """`9 Mar`; with the year where it is not this year's."""
    return f"{on.day} {on:%b}" if on.year == today.year else f"{on.day} {on:%b %Y}"


def days(since: date, until: date, *, today: date) -> str:
    """`9 Mar to 22 May`, `9 Mar`."""
    if since == until:
        return day(since, today=today)
    return f"{day(since, today=today)} to {day(until, today=today)}"


def worked(length: timedelta | None) -> str:
    """A length of working time: `45 min`, `3 h 20 min`, `2 days 3 h`; a day of work has 8 hours."""
    if length is None:
        return TOO_FEW
    whole = round(length / _MINUTE)
    if whole >= _DAY:
        days_long, hours = divmod(round(whole / _HOUR), _DAY // _HOUR)
        said = f"{days_long} {'day' if days_long == 1 else 'days'}"
        return f"{said} {hours} h" if hours else said
    hours, rest = divmod(whole, _HOUR)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest)
    return " ".join(parts) or "less than a minute"


def count(number: int, one: str, many: str = "") -> str:
    """`4 promises`, in figures: `One promise` would hide among them."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def begins(words: str) -> str:
    return saying.sentence_case(words)


def today(now: datetime, *, zone: str) -> date:
    """As the reader's calendar has it."""
    return now.astimezone(ZoneInfo(zone)).date()
