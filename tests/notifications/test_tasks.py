from __future__ import annotations

import json
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from notifications import tasks
from tests.notifications.makers import HOUR, MINUTE, queue, states, to_tom

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


QUEUE = "followthrough"


@pytest.fixture
def broker() -> None:
    """The broker of this run, with nothing of ours in it."""
    with current_app.connection_for_write() as connection:
        connection.default_channel.client.delete(QUEUE)


def waiting() -> int:
    """How many tasks lie with the broker."""
    with current_app.connection_for_write() as connection:
        return int(connection.default_channel.client.llen(QUEUE))


def silence() -> socket.socket:
    """A server that accepts connections and never says a word."""
    return socket.create_server(("127.0.0.1", 0))


@pytest.mark.usefixtures("broker")
def test_a_message_that_is_due_pokes_once_it_is_committed():
    with transaction.atomic():
        queue(to_tom("1"), to_tom("2"), now=NOW)
        assert waiting() == 0

    assert waiting() == 1


@pytest.mark.usefixtures("broker")
def test_a_poke_that_nobody_took_for_a_minute_is_dropped():
    before = timezone.now()
    queue(to_tom(), now=NOW)

    with current_app.connection_for_write() as connection:
        [message] = connection.default_channel.client.lrange(QUEUE, 0, -1)
    expires_at = datetime.fromisoformat(json.loads(message)["headers"]["expires"])

    assert timedelta(0) <= expires_at - before - MINUTE < MINUTE


@pytest.mark.usefixtures("broker")
def test_a_message_for_later_pokes_nobody():
    queue(to_tom(not_before=NOW + HOUR), now=NOW)

    assert waiting() == 0


@pytest.mark.usefixtures("broker")
def test_a_paused_job_is_not_poked():
    every = IntervalSchedule.objects.create(every=5, period="seconds")
    PeriodicTask.objects.create(
        name="deliver_notifications", task="deliver_notifications", interval=every, enabled=False
    )

    queue(to_tom(), now=NOW)

    assert waiting() == 0


def test_without_a_broker_the_message_is_queued_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")

    queue(to_tom(), now=NOW)

    assert states() == {"queued": 1}
    assert "No poke, the next tick will do" in caplog.text


def test_a_broker_that_hangs_costs_no_more_than_its_patience(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
):
    settings.NOTIFICATIONS_LENGTHS = {"poke": timedelta(seconds=0.2)}
    with silence() as hung:
        port = hung.getsockname()[1]
        monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis://127.0.0.1:{port}/0")
        start = time.monotonic()
        queue(to_tom(), now=NOW)
        took = time.monotonic() - start

    assert states() == {"queued": 1}
    assert took < 2


def test_the_task_sends_what_is_due():
    queue(to_tom(not_before=datetime(2020, 1, 1, tzinfo=UTC), expires_at=None), now=NOW)

    assert tasks.deliver_notifications() == 1

    assert states() == {"expired": 1}
