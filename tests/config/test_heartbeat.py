"""Somebody outside hears that all is well, and nothing else."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from celery import current_app
from django.utils import timezone
from pytest_django import Settings

from commitments.models import Commitment, Schedule
from config import beat as schedule
from config import heartbeat
from notifications.models import AuditFinding, JobRound
from tests.makers import HOUR, NOON, a_commitment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECOND = timedelta(seconds=1)


class FarEnd:
    """Somebody who takes heartbeats."""

    def __init__(self, status: int = 200) -> None:
        self.called: list[str] = []
        far_end = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                far_end.called.append(self.path)
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Nothing on the test's own output."""

        self.server = HTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/ping/secret?from=us"


@contextmanager
def a_far_end(status: int = 200) -> Iterator[FarEnd]:
    far_end = FarEnd(status)
    thread = threading.Thread(target=far_end.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield far_end
    finally:
        far_end.server.shutdown()
        far_end.server.server_close()
        thread.join()


@pytest.fixture
def far_end(settings: Settings) -> Iterator[FarEnd]:
    with a_far_end() as taker:
        settings.HEARTBEAT_URL = taker.url
        yield taker


@pytest.fixture
def _all_is_well() -> None:
    for name in schedule.SCHEDULE:
        JobRound.objects.create(name=name, finished_at=NOON)


@pytest.mark.usefixtures("_all_is_well")
def test_it_is_called_while_all_is_well_and_once_a_minute(far_end: FarEnd) -> None:
    called = [heartbeat.beat(NOON + seconds * SECOND) for seconds in (0, 30, 54, 55, 60)]

    assert called == [True, False, False, True, False]
    assert far_end.called == ["/ping/secret?from=us"] * 2


@pytest.mark.usefixtures("_all_is_well")
def test_it_is_not_called_when_a_round_left_something_due(far_end: FarEnd) -> None:
    JobRound.objects.filter(name="deliver_notifications").update(left_due=1)

    assert not heartbeat.beat(NOON)
    assert far_end.called == []


@pytest.mark.usefixtures("_all_is_well")
def test_it_is_not_called_when_a_job_stays_away(far_end: FarEnd) -> None:
    JobRound.objects.filter(name="remind_owners").update(finished_at=NOON - HOUR)

    assert not heartbeat.beat(NOON)


@pytest.mark.usefixtures("_all_is_well")
def test_it_is_not_called_when_something_waits_too_long(far_end: FarEnd) -> None:
    kettle = a_commitment(now=NOON - HOUR, summary=False)
    Commitment.objects.filter(pk=kettle.pk).update(next_action_at=NOON - 4 * 60 * SECOND)
    Schedule.objects.update(next_at=None)

    assert not heartbeat.beat(NOON)


@pytest.mark.usefixtures("_all_is_well")
def test_it_is_not_called_after_the_auditor_found_something(far_end: FarEnd) -> None:
    AuditFinding.objects.create(number="I1", about="a", rule="r", found_at=NOON)

    assert not heartbeat.beat(NOON)


@pytest.mark.usefixtures("_all_is_well")
def test_without_an_address_nothing_is_asked(
    settings: Settings, django_assert_num_queries: object
) -> None:
    settings.HEARTBEAT_URL = ""

    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture
        assert not heartbeat.beat(NOON)


@pytest.mark.usefixtures("_all_is_well")
def test_a_claim_from_a_clock_that_was_ahead_holds_nobody_back(far_end: FarEnd) -> None:
    JobRound.objects.create(name=heartbeat.NAME, finished_at=NOON + HOUR)

    assert heartbeat.beat(NOON)


@pytest.mark.usefixtures("_all_is_well")
def test_a_redirect_is_not_followed_and_an_address_is_never_logged(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with a_far_end(status=302) as taker, caplog.at_level(logging.DEBUG):
        settings.HEARTBEAT_URL = taker.url
        assert heartbeat.beat(NOON)

    assert taker.called == ["/ping/secret?from=us"]
    assert "The heartbeat was answered with 302." in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "ftp://127.0.0.1/x", "http://[::1", "x"])
def test_whatever_goes_wrong_is_logged_and_raises_nothing(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    heartbeat.call(url, patience=SECOND)

    assert "The heartbeat was not taken" in caplog.text


def test_a_far_end_that_takes_the_call_and_says_nothing_is_left(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        heartbeat.call(f"http://127.0.0.1:{silent.getsockname()[1]}/", patience=SECOND / 5)

    assert time.monotonic() - began < 3
    assert "The heartbeat was not taken" in caplog.text


def test_one_that_drips_its_answer_is_left_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as dripping:
        over = threading.Event()
        thread = threading.Thread(target=_drip, args=(dripping, over), daemon=True)
        thread.start()
        began = time.monotonic()
        heartbeat.call(f"http://127.0.0.1:{dripping.getsockname()[1]}/", patience=SECOND / 2)
        took = time.monotonic() - began
        over.set()
        thread.join()

    assert took < 3


def _drip(server: socket.socket, over: threading.Event) -> None:
    line, _ = server.accept()
    with line:
        while not over.wait(0.05):
            try:
                line.sendall(b"H")
            except OSError:
                return


def test_the_worker_calls_it_with_the_schedules_job(far_end: FarEnd) -> None:
    now = timezone.now()
    for name in schedule.SCHEDULE:
        JobRound.objects.create(name=name, finished_at=now)

    current_app.loader.import_default_modules()
    current_app.tasks["commitments.tasks.run_schedules"].apply(throw=True)

    assert far_end.called == ["/ping/secret?from=us"]
