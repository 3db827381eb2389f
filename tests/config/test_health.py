"""The health page says when work waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from commitments.models import Commitment
from config import awake, health
from notifications.models import AuditFinding, Breaker, JobRound
from tests.makers import a_commitment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens where wake-ups are sent."""
    monkeypatch.setitem(current_app.conf, "broker_url", "redis+socket:///nowhere/broker.sock")
    monkeypatch.setitem(current_app.conf, "broker_write_url", "redis+socket:///nowhere/broker.sock")


def a_round(name: str, *, ago: timedelta) -> None:
    JobRound.objects.create(name=name, finished_at=timezone.now() - ago)


def test_it_lives_without_asking_anybody(client, settings, django_assert_num_queries):
    settings.INSTANCE_ID = "abc"

    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert answer.json() == {"status": "ok", "instance": "abc"}


def test_it_is_ready_when_nothing_waits(client):
    a_round("remind_owners", ago=timedelta(seconds=8))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["troubles"]) == (200, [])


def test_a_promise_that_waits_for_work_too_long_is_trouble(client):
    kettle = a_commitment()
    late = timezone.now() - timedelta(minutes=4)
    Commitment.objects.filter(pk=kettle.pk).update(next_action="step", next_action_at=late)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["troubles"][0].startswith("The oldest due of commitments has waited 24")


def test_a_job_that_stays_away_is_trouble(client):
    a_round("send_check_ins", ago=timedelta(minutes=5))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["troubles"] == ["send_check_ins last came round 300 s ago."]


def test_a_job_that_an_operator_paused_is_none(client):
    every, _ = IntervalSchedule.objects.get_or_create(every=30, period="seconds")
    PeriodicTask.objects.create(name="send_check_ins", task="t", interval=every, enabled=False)
    a_round("send_check_ins", ago=timedelta(minutes=5))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["paused"]) == (200, ["send_check_ins"])


def test_a_clock_that_was_set_back_is_trouble(client):
    a_round("remind_owners", ago=-timedelta(hours=1))

    answer = client.get("/readyz")

    assert answer.status_code == 503


def test_a_broker_that_is_away_is_trouble(client, no_broker):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["troubles"] == [
        "The broker does not answer: reminders wait until it is back."
    ]


def test_our_own_account_that_is_refused_is_trouble_and_its_answer_stays_inside(client):
    now = timezone.now()
    Breaker.objects.create(
        channel="email", opened_at=now, until=now, reason="535 no such user tom", ours=True
    )

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["troubles"] == [
        "The channel email rests: our own account is refused there."
    ]


def test_what_the_auditor_found_is_trouble(client):
    AuditFinding.objects.create(number="I7", about="a", rule="r", found_at=timezone.now())

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["troubles"] == [
        "The auditor has found 1 broken rules: manage.py audit_delivery prints them."
    ]


def test_a_restore_that_nobody_released_is_trouble(client):
    every, _ = IntervalSchedule.objects.get_or_create(every=30, period="seconds")
    PeriodicTask.objects.create(
        name="send_check_ins", task="t", interval=every, enabled=False, description=awake.RESTORED
    )

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["troubles"][0].startswith("It is paused after a restore")


def test_a_disk_that_fills_is_trouble_where_the_data_lies_on_it(settings):
    more_than_any_disk_has = 2**62

    assert "MB are left on the disk" in next(health.short_of_disk(more_than_any_disk_has))
    assert list(health.short_of_disk(0)) == []
    settings.EMBEDDED = False
    assert list(health.short_of_disk(more_than_any_disk_has)) == []
