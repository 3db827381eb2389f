"""A job says that it came round: cheaply, with what it left, and whether the clock jumped."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments import clocks, sweep
from commitments.models import CheckIn, Commitment, PolicyVersion, Replan, Schedule
from config import beat, clock_steps, jobs
from notifications.models import Breaker, JobRound
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, events_of, fresh, tom
from tests.notifications.makers import queue, to_ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has done no round yet."""
    monkeypatch.setattr(jobs, "rounds", jobs.Rounds())
    monkeypatch.setattr(clock_steps, "_watch", clock_steps.Watch())
    current_app.loader.import_default_modules()


def tick(name: str) -> None:
    """What a worker does with a tick of the beat."""
    current_app.tasks[beat.SCHEDULE[name]["task"]].apply(throw=True)


def queries_of_a_tick(name: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        tick(name)
    return [query["sql"] for query in asked]


def test_a_round_is_recorded() -> None:
    a_commitment()
    now = timezone.now()

    tick("remind_owners")

    seen = JobRound.objects.get(name="remind_owners")
    assert (seen.finished_at >= now, seen.left_due) == (True, 0)


def test_an_idle_tick_asks_once_and_writes_nothing_soon_after_it_was_recorded() -> None:
    tick("remind_owners")

    asked = queries_of_a_tick("remind_owners")

    assert len(asked) == 1
    assert asked[0].startswith("SELECT")


def test_an_idle_tick_of_delivery_asks_once_and_writes_nothing() -> None:
    tick("deliver_notifications")

    asked = queries_of_a_tick("deliver_notifications")

    assert [sql.split()[0] for sql in asked] == ["SELECT"]


def test_what_waits_for_a_channel_that_rests_was_not_left() -> None:
    queue(to_ana())
    assert jobs.left_due("deliver_notifications", now=NOON) == 1

    Breaker.objects.create(channel="email", opened_at=NOON, until=NOON + MINUTE)

    assert jobs.left_due("deliver_notifications", now=NOON) == 0


def test_an_idle_tick_that_was_recorded_long_ago_costs_one_update(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tick("remind_owners")
    monkeypatch.setattr(jobs, "rounds", jobs.Rounds(idle_every=timedelta(0)))

    asked = queries_of_a_tick("remind_owners")

    assert [sql.split()[0] for sql in asked] == ["SELECT", "UPDATE"]


def test_a_round_that_did_something_counts_what_it_left() -> None:
    now = timezone.now()
    for case in ("1", "2"):
        a_commitment(due_at=now + 30 * DAY, now=now - DAY, case=case, summary=False)
    Commitment.objects.update(next_action="step", next_action_at=now - MINUTE)

    jobs.rounds.came_round("remind_owners", did_something=True, now=now)

    assert JobRound.objects.get().left_due == 2
    assert jobs.left_due("escalate_overdue", now=now) == 0


def test_a_round_that_left_something_is_not_the_last_word() -> None:
    now = timezone.now()
    kettle = a_commitment(due_at=now + 30 * DAY, now=now - DAY, summary=False)
    Commitment.objects.update(next_action="step", next_action_at=now - MINUTE)
    jobs.rounds.came_round("remind_owners", did_something=True, now=now)
    Commitment.objects.filter(pk=kettle.pk).update(next_action_at=now + DAY)

    jobs.rounds.came_round("remind_owners", did_something=False, now=now)

    assert JobRound.objects.get().left_due == 0


def test_re_plans_count_among_what_the_schedules_job_left() -> None:
    a_commitment(summary=False)
    Schedule.objects.update(next_at=NOON)
    Replan.objects.create(version=PolicyVersion.objects.first(), asked_at=NOON, next_at=NOON)

    assert jobs.left_due("run_schedules", now=NOON) == 2


@pytest.mark.parametrize(
    ("wall", "monotonic", "by"),
    [
        (10, 10, 0),
        (40, 10, 0),  # thirty seconds are drift
        (41, 10, 31),
        (3610, 10, 3600),
        (10 + 86400, 10, 86400),
        (-3590, 10, -3600),
    ],
)
def test_a_jump_is_what_the_wall_went_further_than_time(wall: int, monotonic: int, by: int) -> None:
    watch = clock_steps.Watch()
    watch.jumped(NOON, monotonic=100.0)

    jumped = watch.jumped(NOON + wall * SECOND, monotonic=100.0 + monotonic)

    assert jumped == by * SECOND


@pytest.mark.parametrize("by", [-HOUR, HOUR, DAY])
def test_a_jump_between_two_rounds_is_recorded_and_logged(
    by: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    clock_steps.note("remind_owners", now=NOON)

    with caplog.at_level(logging.ERROR):
        clock_steps.note("escalate_overdue", now=NOON + by)

    seen = JobRound.objects.get(name="escalate_overdue")
    assert (seen.stepped_at, seen.stepped_by) == (NOON + by, round(by.total_seconds()))
    assert f"jumped by {round(by.total_seconds())} seconds" in caplog.text


def test_the_first_round_of_a_process_sees_a_clock_that_was_set_back_before() -> None:
    JobRound.objects.create(name="remind_owners", finished_at=NOON + HOUR)

    clock_steps.note("remind_owners", now=NOON)

    assert JobRound.objects.get().stepped_by == -3600


def test_an_installation_that_was_off_has_seen_no_jump() -> None:
    JobRound.objects.create(name="remind_owners", finished_at=NOON - 2 * DAY)

    clock_steps.note("remind_owners", now=NOON)

    assert JobRound.objects.get().stepped_at is None


def test_a_worker_notices_a_jump_by_itself() -> None:
    with time_machine.travel(datetime(2026, 11, 2, 12, tzinfo=UTC)) as traveller:
        tick("send_check_ins")
        traveller.shift(-HOUR)
        tick("run_schedules")

    assert -3602 < JobRound.objects.get(name="run_schedules").stepped_by < -3598


def test_what_was_put_off_under_a_clock_that_was_ahead_comes_due() -> None:
    kettle = a_commitment(summary=False)
    version = PolicyVersion.objects.first()
    Commitment.objects.update(next_action="put_off", next_action_at=NOON + DAY + 15 * MINUTE)
    held = CheckIn.objects.create(
        customer=tom(), planned_at=NOON, state="held", send_at=NOON + 9 * DAY
    )
    re_plan = Replan.objects.create(version=version, asked_at=NOON, next_at=NOON + DAY)
    Schedule.objects.update(next_at=NOON + 3 * DAY)

    clock_steps.record("remind_owners", by=-DAY, now=NOON)

    held.refresh_from_db()
    re_plan.refresh_from_db()
    assert fresh(kettle).next_action_at == NOON
    assert (held.send_at, re_plan.next_at) == (NOON, NOON)
    housekeeping = Schedule.objects.get()
    assert NOON < housekeeping.next_at <= NOON + DAY


def test_clocks_that_may_stand_where_they_stand_are_left_alone() -> None:
    kettle = a_commitment(summary=False)
    stands_at = fresh(kettle).next_action_at
    planned = CheckIn.objects.create(customer=tom(), planned_at=NOON, send_at=NOON + 20 * DAY)
    Schedule.objects.update(next_at=NOON + DAY)

    assert clocks.heal(NOON) == 0

    planned.refresh_from_db()
    assert fresh(kettle).next_action_at == stands_at
    assert planned.send_at == NOON + 20 * DAY


def test_a_weekly_schedule_may_stand_a_week_ahead() -> None:
    a_commitment(summary=False)
    Schedule.objects.update(local_time=time(9), weekday=2, next_at=NOON + 6 * DAY - 3 * HOUR)
    assert clocks.heal(NOON) == 0

    Schedule.objects.update(next_at=NOON + 13 * DAY - 3 * HOUR)
    assert clocks.heal(NOON) == 1

    assert Schedule.objects.get().next_at == NOON + 6 * DAY - 3 * HOUR


@pytest.mark.parametrize("by", [-HOUR, HOUR, DAY])
def test_a_jump_takes_no_step_twice(by: timedelta) -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)
    sweep.run(NOON + HOUR)
    taken = events_of(kettle)

    sweep.run(NOON + HOUR + by)
    sweep.run(NOON + HOUR + MINUTE)

    if by < timedelta(0):
        assert events_of(kettle) == taken
    steps = kettle.events.exclude(step=None).values_list("step", "repetition")
    assert len(set(steps)) == len(steps)


def test_a_jump_back_takes_no_step_early() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    sweep.run(NOON + HOUR - SECOND - HOUR)
    sweep.run(NOON + HOUR - SECOND)

    assert events_of(kettle) == ["made"]
