"""What the tables say about whether work gets done: probes, the heartbeat and the banner ask it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from pytest_django import DjangoAssertNumQueries

from commitments.models import CheckIn, Commitment, PolicyVersion, Replan, Schedule
from config import awake, banner, beat
from notifications.models import AuditFinding, Breaker, Delivery, JobRound
from tests.makers import HOUR, MINUTE, NOON, a_commitment, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def all_came_round(at: datetime = NOON) -> None:
    for name in beat.SCHEDULE:
        JobRound.objects.create(name=name, finished_at=at)


def a_job(name: str, **facts: object) -> None:
    every, _ = IntervalSchedule.objects.get_or_create(every=10, period="seconds")
    PeriodicTask.objects.create(name=name, task="t", interval=every, **facts)


def a_message_due(at: datetime) -> None:
    """And nothing else."""
    kettle = a_commitment()
    Commitment.objects.filter(pk=kettle.pk).update(next_action="", next_action_at=None)
    Schedule.objects.update(next_at=None)
    Delivery.objects.update(attempt_at=at)


def said(at: datetime = NOON, *, is_watched: bool = False) -> str:
    return banner.sentence(awake.look(at), is_watched=is_watched)


def test_a_whole_look_costs_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    a_commitment()
    all_came_round()
    a_job("remind_owners", enabled=False)
    Breaker.objects.create(channel="email", opened_at=NOON, until=NOON + HOUR, ours=True)
    AuditFinding.objects.create(number="I7", about="commitment 1", rule="r", found_at=NOON)

    with django_assert_num_queries(2):
        state = awake.look(NOON + 10 * HOUR)

    assert state.paused == {"remind_owners"}
    assert (state.refused, state.findings, state.is_restored) == (("email",), {"I7": 1}, False)
    assert state.rounds["escalate_overdue"] == awake.Seen(at=NOON, left_due=0)


def test_each_clock_shows_its_oldest_due_row() -> None:
    a_message_due(NOON - 2 * MINUTE)
    Commitment.objects.update(next_action="step", next_action_at=NOON - MINUTE)
    CheckIn.objects.create(customer=tom(), planned_at=NOON, send_at=NOON - 3 * MINUTE)
    Schedule.objects.update(next_at=NOON - 4 * MINUTE)
    version = PolicyVersion.objects.first()
    Replan.objects.create(version=version, asked_at=NOON, next_at=NOON - 5 * MINUTE)

    state = awake.look(NOON)

    assert state.due_since == {
        "commitments": NOON - MINUTE,
        "deliveries": NOON - 2 * MINUTE,
        "check-ins": NOON - 3 * MINUTE,
        "schedules": NOON - 4 * MINUTE,
        "re-plans": NOON - 5 * MINUTE,
    }
    assert state.late_clocks() == ["schedules", "re-plans"]


def test_what_is_due_later_is_not_late() -> None:
    a_commitment(summary=False)
    Schedule.objects.update(next_at=None)

    assert awake.look(NOON).due_since == {}


@pytest.mark.parametrize(
    ("job", "allowed"),
    [("deliver_notifications", 70), ("remind_owners", 80), ("run_schedules", 120), ("audit", 660)],
)
def test_a_job_is_missed_after_two_of_its_periods_and_a_minute(job: str, allowed: int) -> None:
    all_came_round()

    at = NOON + allowed * MINUTE / 60

    assert job not in awake.look(at - MINUTE / 60).absent()
    assert job in awake.look(at).absent()


def test_a_job_that_is_paused_or_never_came_round_is_not_missed() -> None:
    JobRound.objects.create(name="remind_owners", finished_at=NOON)
    a_job("remind_owners", enabled=False)

    assert awake.look(NOON + HOUR).absent() == {}


def test_nothing_is_left_due_only_when_every_job_came_round_and_said_so() -> None:
    assert not awake.look(NOON).left_nothing_due()
    all_came_round()
    assert awake.look(NOON).left_nothing_due()

    JobRound.objects.filter(name="send_check_ins").update(left_due=1)

    assert not awake.look(NOON).left_nothing_due()


def test_no_word_while_all_is_well() -> None:
    all_came_round()

    assert said() == ""


def test_the_banner_says_what_it_means_and_for_how_long() -> None:
    all_came_round()

    assert said(NOON + 4 * MINUTE) == (
        "Reminders may be late: nobody has looked for due promises for 4 minutes."
        " Please tell your administrator."
    )
    assert said(NOON + 4 * MINUTE, is_watched=True).endswith("Your administrator has been told.")
    assert "for 3 hours." in said(NOON + 3 * HOUR)


def test_a_clock_that_waits_though_jobs_come_round_is_said() -> None:
    a_message_due(NOON - 5 * MINUTE)

    assert said() == (
        "Messages may be late: the oldest has been due for 5 minutes."
        " Please tell your administrator."
    )


def test_what_an_administrator_switched_off_is_said_as_such() -> None:
    a_job("deliver_notifications", enabled=False)
    a_message_due(NOON - 5 * MINUTE)

    assert said().startswith("Messages are switched off by an administrator, and some are due.")


def test_a_channel_that_is_away_is_said_when_it_does_not_come_back_soon() -> None:
    Breaker.objects.create(channel="email", opened_at=NOON - 15 * MINUTE, until=NOON + HOUR)
    assert said() == ""
    assert not list(awake.troubles(awake.look(NOON)))

    Breaker.objects.update(opened_at=NOON - 16 * MINUTE)

    assert said().startswith("Messages by e-mail wait: nobody answers there.")
    assert list(awake.troubles(awake.look(NOON))) == [
        "The channel email has not been reached since 11:44 UTC."
    ]


def test_a_program_that_is_away_is_no_alarm_for_everybody() -> None:
    all_came_round()
    Breaker.objects.create(channel="endpoint:7", opened_at=NOON - 3 * HOUR, until=NOON + HOUR)

    state = awake.look(NOON)

    assert (state.unreachable, list(awake.troubles(state)), said()) == ({}, [], "")
    assert state.left_nothing_due()


def test_a_channel_that_refuses_our_own_account_is_said_at_once() -> None:
    Breaker.objects.create(channel="email", opened_at=NOON, until=NOON + HOUR, ours=True)

    assert said().startswith("Messages by e-mail wait: our account there is refused. None is lost.")


def test_a_clock_set_back_is_said() -> None:
    all_came_round(NOON + HOUR)

    assert said().startswith("Reminders may be late: the clock of the server was set back.")


def test_a_pause_after_a_restore_is_all_that_is_said() -> None:
    all_came_round()
    a_job("remind_owners", enabled=False, description=awake.RESTORED)

    assert said(NOON + HOUR).startswith("Nothing is sent at the moment: Followthrough was restored")
    (trouble,) = awake.troubles(awake.look(NOON + HOUR))
    assert trouble.startswith("It is paused after a restore: nothing goes out until somebody has")
