"""An office's hours, and instants as its clocks show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from commitments.rules.business_time import Hours, Span

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NINE_TO_FIVE: tuple[Span, ...] = ((9 * 60, 17 * 60),)
WITH_LUNCH: tuple[Span, ...] = ((9 * 60, 12 * 60), (13 * 60 + 30, 18 * 60))
ALL_DAY: tuple[Span, ...] = ((0, 1440),)
CLOSED: tuple[Span, ...] = ()


def weekdays(spans: tuple[Span, ...] = NINE_TO_FIVE) -> tuple[tuple[Span, ...], ...]:
    return (spans,) * 5 + (CLOSED,) * 2


def only(weekday: int, spans: tuple[Span, ...]) -> tuple[tuple[Span, ...], ...]:
    return tuple(spans if day == weekday else CLOSED for day in range(7))


OFFICE = Hours("UTC", weekdays())


def at(words: str, zone: str = "UTC") -> datetime:
    """An instant as a clock in `zone` shows it: "2024-03-05 16:30"."""
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
