"""Clocks that are an hour wrong, and the nights in which they are all changed. F43 and F44."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from commitments.models import Calendar, Commitment, Event, Kind, Policy, PolicyVersion, Step
from commitments.rules.ladder import Basis
from config import health, walk
from notifications.models import Delivery
from tests.faults.makers import (
    HOUR,
    MINUTE,
    SECOND,
    addresses,
    arrived,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.stand import Stand, until
from tests.makers import a_commitment, a_team

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
KILLED = 137


def test_f43_a_clock_set_back_sends_nothing_twice_and_nothing_early(stand: Stand):
    """F43, -1 h: what was done stays done, what is due in ten minutes waits."""
    promises(5)
    promises(5, start=5, due=10 * MINUTE)
    stand.do()
    now = timezone.now()

    stand.do(at=now - HOUR)
    stand.do(at=now)
    assert arrived(stand.sink) == addresses(range(5))
    stand.do(at=now + 11 * MINUTE)

    assert (states(), arrived(stand.sink)) == ({"sent": 10}, addresses(range(10)))


def test_f43_a_lease_taken_before_the_clock_was_set_back_is_no_lease(stand: Stand):
    """F43: the clock was an hour ahead when the sender died; nobody waits for that hour."""
    promises(3)
    now = timezone.now()
    stand.do("sweep")
    assert stand.round("delivery", at=now + HOUR, CRASH_AT="T3.post").wait() == KILLED
    assert states() == {"leased": 3}

    stand.do("delivery", at=now + SECOND)

    assert (states(), arrived(stand.sink)) == ({"sent": 3}, addresses(range(3)))


def test_f43_a_mail_under_way_when_the_clock_was_set_back_is_not_sent_again(stand: Stand):
    """F43, in the window: it may have arrived, whatever the clock says."""
    promises(3)
    now = timezone.now()
    stand.do("sweep")
    assert stand.round("delivery", at=now + HOUR, CRASH_AT="T5.pre").wait() == KILLED
    assert len(stand.sink.accepted) == 1

    stand.do("delivery", at=now + SECOND)

    assert states(audience="customer") == {"sent": 2, "uncertain": 1}
    assert set(stand.sink.by_message_id().values()) == {1}


def test_f43_a_clock_an_hour_ahead_does_what_is_due_by_it_and_never_again(stand: Stand):
    """F43, +1 h: worker and beat believe their clock; put right, they repeat nothing.

    Beat remembers when it last fired and waits for that moment to come: /readyz says so, and
    `run_due` does the work meanwhile.
    """
    promises(5)
    promises(5, start=5, due=30 * MINUTE)
    worker, beat = stand.worker(clock=3600), stand.beat(clock=3600)
    until(lambda: len(stand.sink.accepted) == 10)
    until(nothing_is_due)
    worker.kill()
    beat.kill()
    assert health.work(timezone.now())[1] != []

    promises(5, start=10)
    assert stand.manage("run_due").returncode == 0

    assert (states(), arrived(stand.sink)) == ({"sent": 15}, addresses(range(15)))


def test_f43_a_clock_a_day_ahead_writes_to_no_customer_and_repeats_nothing(stand: Stand):
    """F43, +1 day: by it all is a day late, which owners are asked about; put right, it goes on."""
    promises(5)
    worker, beat = stand.worker(clock=86400), stand.beat(clock=86400)
    until(lambda: Event.objects.filter(kind="breached").count() == 5)
    until(lambda: Delivery.objects.filter(channel="email", state="sent").exists())
    worker.kill()
    beat.kill()
    assert "tom" not in "".join(stand.sink.recipients)
    assert health.work(timezone.now())[1] != []

    promises(5, start=5)
    for _ in range(2):
        assert stand.manage("run_due").returncode == 0

    came = {to: count for to, count in arrived(stand.sink).items() if to.startswith("tom")}
    assert came == addresses(range(5, 10))
    assert set(stand.sink.by_message_id().values()) == {1}


BERLIN_NIGHTS = {
    # The clocks go from 2:00 to 3:00: two working hours before 4:00 is 1:00.
    "spring": ("2027-03-28T04:00+02:00", "2027-03-28T01:00+01:00", "2027-03-28T06:00+02:00"),
    # From 3:00 back to 2:00: two working hours before 4:00 is the second 2:00.
    "autumn": ("2026-10-25T04:00+01:00", "2026-10-25T02:00+01:00", "2026-10-25T06:00+01:00"),
    # Due at the second 2:30: two hours before is 1:30, for the hour from 2:00 is there twice.
    "twice": ("2026-10-25T02:30+01:00", "2026-10-25T01:30+02:00", "2026-10-25T04:30+01:00"),
}


@pytest.mark.parametrize("night", BERLIN_NIGHTS)
def test_f44_in_both_nights_every_step_is_taken_once_at_its_instant(stand: Stand, night: str):
    """F44: two working hours before and after, in a team that works through the night."""
    due, before, after = (datetime.fromisoformat(text) for text in BERLIN_NIGHTS[night])
    kettle = _in_berlin(due)
    stand.audited_at = due + timedelta(hours=12)

    walk.walk(due - timedelta(hours=12), due + timedelta(hours=12))

    taken = Event.objects.filter(commitment=kettle, kind="step_taken").order_by("sequence")
    assert [(event.step, event.recorded_at) for event in taken] == [
        (1, before.astimezone(UTC)),
        (2, due.astimezone(UTC)),
        (3, after.astimezone(UTC)),
    ]
    assert Event.objects.get(commitment=kettle, kind="breached").at == due
    assert Delivery.objects.filter(channel="inbox", about=kettle.about).count() == 3


def _in_berlin(due_at: datetime) -> Commitment:
    """A promise of a team in Berlin that is always at work."""
    team = a_team()
    zone = Calendar.objects.create(name="Berlin by night", zone="Europe/Berlin")
    for weekday in range(7):
        zone.opening_hours.create(weekday=weekday, opens=0, closes=1440)
    team.calendar = zone
    team.save()
    policy = Policy.objects.create(name="Around the due time")
    version = PolicyVersion.objects.create(policy=policy, number=1, made_at=due_at - 100 * HOUR)
    for position, hours in enumerate((-2, 0, 2), start=1):
        Step.objects.create(
            version=version,
            position=position,
            number=position,
            basis=Basis.WORKING.value,
            offset=hours * 3600,
            audience=["owner"],
        )
    Kind.objects.update(policy=policy, summary_on=False)
    return a_commitment(due_at=due_at, now=due_at - 20 * HOUR)
