from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.rules import wall_clock

MIDNIGHTS = {
    "as ever": ("Europe/Berlin", date(2026, 5, 22), datetime(2026, 5, 21, 22, tzinfo=UTC)),
    "a day of 23 hours": (
        "Europe/Berlin",
        date(2026, 3, 30),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    ),
    "the clocks skip it": (
        "Africa/Cairo",
        date(2026, 4, 24),
        datetime(2026, 4, 23, 22, tzinfo=UTC),
    ),
    "they show it twice": (
        "America/Havana",
        date(2026, 11, 1),
        datetime(2026, 11, 1, 4, tzinfo=UTC),
    ),
}


@pytest.mark.parametrize(("zone", "day", "begins"), MIDNIGHTS.values(), ids=MIDNIGHTS)
def test_a_day_begins_at_its_first_instant(zone: str, day: date, begins: datetime):
    there = wall_clock.zone_named(zone)

    assert wall_clock.midnight(day, there) == begins
    assert begins.astimezone(there).date() == day
    assert (begins - timedelta(seconds=1)).astimezone(there).date() < day
    assert wall_clock.midnight_after(begins - timedelta(seconds=1), there) == begins
    assert wall_clock.midnight_after(begins, there) > begins + timedelta(hours=22)
