"""Three open times to offer instead of one that does not suit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from commitments.rules import slots
from commitments.rules.business_time import Hours

NINE_TO_HALF_PAST_FIVE = ((540, 1050),)
OFFICE = Hours(zone="UTC", weekly=(NINE_TO_HALF_PAST_FIVE,) * 5 + ((),) * 2)
NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)  # a Thursday
HOUR = timedelta(hours=1)


def offered(due_at: datetime, *, hours: Hours = OFFICE, now: datetime = NOON) -> list[str]:
    return [f"{at:%a %H:%M}" for at in slots.after(due_at, hours=hours, now=now)]


def test_they_lie_after_the_time_that_did_not_suit():
    assert offered(NOON + 22 * HOUR) == ["Fri 13:00", "Fri 16:00", "Mon 11:00"]


def test_there_is_time_to_answer_first():
    assert offered(NOON - HOUR) == ["Thu 14:00", "Thu 17:00", "Fri 12:00"]


def test_they_are_on_the_full_hour():
    assert offered(NOON, now=NOON + timedelta(minutes=20)) == [
        "Thu 15:00",
        "Fri 10:00",
        "Fri 13:00",
    ]


def test_the_full_hour_is_the_teams_where_zones_differ_by_half_an_hour():
    kolkata = Hours(zone="Asia/Kolkata", weekly=OFFICE.weekly)

    found = slots.after(NOON - 4 * HOUR, hours=kolkata, now=NOON - 9 * HOUR)

    local = [f"{at.astimezone(ZoneInfo(kolkata.zone)):%a %H:%M}" for at in found]
    assert local == ["Thu 17:00", "Fri 12:00", "Fri 15:00"]


def test_a_team_that_never_opens_offers_none():
    assert offered(NOON, hours=Hours(zone="UTC", weekly=((),) * 7)) == []


def test_every_one_of_them_is_open_and_ahead():
    for minutes in range(0, 7 * 24 * 60, 37):
        now = NOON + timedelta(minutes=minutes)
        found = slots.after(now + 5 * HOUR, hours=OFFICE, now=now)
        assert len(found) == 3
        assert all(OFFICE.is_open(at) and at > now + 5 * HOUR for at in found)
        assert found == sorted(set(found))
