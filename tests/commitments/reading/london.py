"""Where most phrases of these tests are said: on Thursday 21 May 2026, at 2:10 pm in London."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from commitments.reading import deadlines
from commitments.rules.business_time import Hours, Span

LONDON = "Europe/London"
NINE_TO_HALF_PAST_FIVE: tuple[Span, ...] = ((540, 1050),)
WEEK = (NINE_TO_HALF_PAST_FIVE,) * 5 + ((),) * 2
OFFICE = Hours(LONDON, WEEK, {date(2026, 5, 25): ()})  # a Monday
NOW = datetime(2026, 5, 21, 13, 10, tzinfo=UTC)  # Thursday, 2:10 pm in London


def due(
    text: str,
    *,
    now: datetime = NOW,
    zone: str = LONDON,
    hours: Hours = OFFICE,
    closes: time | None = None,
) -> str:
    """What a phrase means on the clock in `zone`, to the minute; "" if it is not understood."""
    reading = deadlines.read(text, now=now, zone=zone, hours=hours, closes=closes)
    if reading is None:
        return ""
    assert reading.at.tzinfo is UTC
    return f"{reading.at.astimezone(ZoneInfo(zone)):%a %-d %b %Y %H:%M}"


def read(text: str, *, now: datetime = NOW, hours: Hours = OFFICE) -> deadlines.Reading:
    reading = deadlines.read(text, now=now, zone=hours.zone, hours=hours)
    assert reading is not None
    return reading


def said(at: datetime, zone: str = LONDON) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %-d %b %H:%M}"
