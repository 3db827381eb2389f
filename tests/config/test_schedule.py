"""The schedule is short intervals only, and an operator's pause is respected."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from celery import current_app
from django.core.management import call_command
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from commitments.models import CheckIn, OpeningHours, Schedule
from config import beat
from notifications.models import Delivery, State
from tests.makers import DAY, HOUR, a_commitment, a_team, events_of

# Beat closes a connection that is inside a transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def start_beat() -> DatabaseScheduler:
    """What beat does with its tables when it starts."""
    return DatabaseScheduler(app=current_app, lazy=False)


def sync_schedule(*options: str) -> list[str]:
    said = io.StringIO()
    call_command("sync_schedule", *options, stdout=said)
    return said.getvalue().splitlines()


def test_every_job_of_the_schedule_is_one_that_a_worker_knows():
    current_app.loader.import_default_modules()

    assert {entry["task"] for entry in beat.SCHEDULE.values()} <= set(current_app.tasks)


def test_beat_holds_the_six_jobs_and_nothing_of_its_own():
    start_beat()

    kept = PeriodicTask.objects.values_list("name", "interval__every", "expire_seconds", "enabled")

    assert len(beat.SCHEDULE) <= 8
    assert sorted(kept) == [
        ("audit", 300, 60, True),
        ("deliver_notifications", 5, 60, True),
        ("escalate_overdue", 10, 60, True),
        ("remind_owners", 10, 60, True),
        ("run_schedules", 30, 60, True),
        ("send_check_ins", 30, 60, True),
    ]


def test_a_pause_survives_a_restart_of_beat():
    start_beat()
    PeriodicTask.objects.filter(name="remind_owners").update(enabled=False)

    again = start_beat()

    assert not PeriodicTask.objects.get(name="remind_owners").enabled
    assert sorted(again.schedule) == [
        "audit",
        "deliver_notifications",
        "escalate_overdue",
        "run_schedules",
        "send_check_ins",
    ]


@pytest.mark.parametrize("paused", sorted(beat.SCHEDULE.keys() - {"audit"}))
def test_pausing_one_job_stops_no_other(paused: str):
    start_beat()
    due = a_promise_a_check_in_a_schedule_and_a_message_are_due()
    PeriodicTask.objects.filter(name=paused).update(enabled=False)
    scheduled = {name for name in start_beat().schedule if name in beat.SCHEDULE}

    current_app.loader.import_default_modules()
    for name in sorted(scheduled):
        current_app.tasks[beat.SCHEDULE[name]["task"]].apply(throw=True)

    left = {name for name, is_due in due.items() if is_due()}
    assert left == {paused}


def a_promise_a_check_in_a_schedule_and_a_message_are_due() -> dict[str, Callable[[], bool]]:
    """Work for every job, now; answers for each whether its work is still to be done."""
    now = timezone.now()
    team = a_team()
    OpeningHours.objects.all().delete()
    for weekday in range(7):
        OpeningHours.objects.create(calendar=team.calendar, weekday=weekday, opens=0, closes=1440)
    ahead = a_commitment(due_at=now + HOUR, now=now - 2 * DAY, case="ahead", summary=False)
    late = a_commitment(due_at=now - HOUR, now=now - 2 * DAY, case="late", summary=False)
    check_in = CheckIn.objects.create(
        customer=late.customer, planned_at=now - DAY, send_at=now - HOUR
    )
    Schedule.objects.update(next_at=now - HOUR)
    first = a_message(now)
    return {
        "remind_owners": lambda: "step_taken" not in events_of(ahead),
        "escalate_overdue": lambda: "breached" not in events_of(late),
        "send_check_ins": lambda: CheckIn.objects.due(now).filter(pk=check_in.pk).exists(),
        "run_schedules": lambda: Schedule.objects.due(now).exists(),
        "deliver_notifications": lambda: Delivery.objects.filter(
            key=first, state=State.QUEUED
        ).exists(),
    }


def a_message(now: datetime) -> str:
    kept = a_commitment(due_at=now + DAY, now=now - DAY, case="told")
    return Delivery.objects.get(about=kept.about, template="agreement").key


def test_a_schedule_that_says_the_same_needs_no_words():
    start_beat()

    assert sync_schedule() == []


def test_what_was_edited_left_over_missing_or_paused_is_told():
    start_beat()
    minute, _ = IntervalSchedule.objects.get_or_create(every=1, period="minutes")
    PeriodicTask.objects.filter(name="send_check_ins").update(interval=minute)
    PeriodicTask.objects.filter(name="run_schedules").delete()
    PeriodicTask.objects.filter(name="remind_owners").update(enabled=False)
    ModelEntry.from_entry("old_job", task="old.job", schedule=timedelta(seconds=9))

    told = sync_schedule()

    assert told == [
        "old_job: no longer in config/beat.py; still runs old.job.",
        "run_schedules: not in the tables yet; beat adds it when it starts.",
        "send_check_ins: edited to run every minute; beat puts it back to every 30 s.",
        "remind_owners: paused by an operator.",
    ]


def test_applied_it_puts_everything_right_but_the_pause():
    start_beat()
    PeriodicTask.objects.filter(name="run_schedules").delete()
    PeriodicTask.objects.filter(name="remind_owners").update(enabled=False)
    ModelEntry.from_entry("old_job", task="old.job", schedule=timedelta(seconds=9))

    sync_schedule("--apply")

    assert sync_schedule() == ["remind_owners: paused by an operator."]
