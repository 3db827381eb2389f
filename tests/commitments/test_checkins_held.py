"""A question that is held: until when, and how long at most."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from commitments import checkins
from commitments.models import Calendar, CheckIn
from tests.commitments.test_checkins import a_kept_promise
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(
    ("zone", "now", "morning"),
    [
        ("America/Los_Angeles", "2026-05-26 15:00", "2026-05-27 09:00"),
        ("America/Los_Angeles", "2026-05-26 20:00", "2026-05-27 09:00"),
        ("Pacific/Auckland", "2026-05-27 08:00", "2026-05-28 09:00"),
        ("Pacific/Auckland", "2026-05-27 16:00", "2026-05-28 09:00"),
        ("Asia/Kolkata", "2026-05-29 16:00", "2026-06-01 09:00"),
    ],
)
def test_held_it_is_looked_at_again_when_its_team_opens_on_the_next_working_day(
    zone: str, now: str, morning: str
) -> None:
    there = ZoneInfo(zone)
    Calendar.objects.filter(pk=a_team().calendar_id).update(zone=zone)
    a_kept_promise(case="kept")
    a_commitment(due_at=NOON + 300 * DAY, case="owed", summary=False)
    CheckIn.objects.update(send_at=NOON)

    checkins.run(datetime.fromisoformat(now).replace(tzinfo=there))

    held = CheckIn.objects.get()
    assert held.state == "held"
    assert held.send_at is not None
    assert f"{held.send_at.astimezone(there):%Y-%m-%d %H:%M}" == morning


def test_why_it_is_dropped_says_how_long_it_was_held(settings: Settings) -> None:
    settings.COMMITMENTS_LENGTHS = {"hold_at_most": 10 * DAY}
    kettle = a_kept_promise(case="kept")
    a_commitment(due_at=NOON + 300 * DAY, case="owed", summary=False)

    for days in range(15):
        checkins.run(NOON + days * DAY + 21 * HOUR)

    assert kettle.events.get(kind="check_in_dropped").words == (
        "held for 10 days: another promise to this customer is still open"
    )
