"""What is daily for somebody is done once a day, whatever was missed."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from commitments import schedules, starting
from commitments.models import Kind, OnceKey, Policy, PolicyVersion, Schedule
from notifications.models import Delivery
from tests.makers import DAY, HOUR, NOON, a_commitment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def a_schedule(**fields: object) -> Schedule:
    return Schedule.objects.create(
        **{"what": "housekeeping", "local_time": time(8), "next_at": NOON, "zone": "UTC"} | fields
    )


@pytest.mark.django_db(transaction=True)
def test_housekeeping_forgets_the_keys_that_have_run_out() -> None:
    a_schedule()
    for key, expires_at in (("old", NOON), ("new", NOON + HOUR)):
        OnceKey.objects.create(principal="user:1", key=key, expires_at=expires_at)

    schedules.run(NOON)

    assert [key.key for key in OnceKey.objects.all()] == ["new"]


def test_a_run_missed_for_days_is_done_once() -> None:
    schedule = a_schedule()

    done = [schedules.run(NOON + 5 * DAY), schedules.run(NOON + 5 * DAY + HOUR)]

    schedule.refresh_from_db()
    assert done == [1, 0]
    assert schedule.next_at == datetime(2026, 5, 27, 8, tzinfo=UTC)


def test_the_local_time_stays_over_a_change_of_clocks() -> None:
    schedule = a_schedule(zone="Europe/Berlin")
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert schedule.after(saturday) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert schedule.after(saturday - DAY) == datetime(2026, 3, 28, 7, tzinfo=UTC)


def test_every_no_days_is_every_day() -> None:
    schedule = a_schedule(every_days=0)

    assert schedule.after(NOON) == datetime(2026, 5, 22, 8, tzinfo=UTC)


def test_the_starting_set_is_laid_down_once_and_keeps_what_was_edited() -> None:
    starting.ensure(zone="Europe/Berlin", now=NOON)
    Kind.objects.filter(code="refund").update(usual_length=9)
    starting.ensure(zone="UTC", now=NOON)

    assert Kind.objects.count() == 10
    assert Kind.objects.get(code="refund").usual_length == 9
    laid = {policy.name: len(policy.latest().ladder()) for policy in Policy.objects.all()}
    assert laid == {"Usual": 4, "Usual, urgent": 5}
    assert PolicyVersion.objects.count() == 2
    assert Schedule.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_housekeeping_forgets_old_words_once_it_is_done() -> None:
    a_commitment()
    Delivery.objects.update(state="sent", settled_at=NOON, attempt_at=None)
    Schedule.objects.update(next_at=NOON + 91 * DAY)

    schedules.run(NOON + 91 * DAY)

    assert set(Delivery.objects.values_list("text", "html")) == {("", "")}
