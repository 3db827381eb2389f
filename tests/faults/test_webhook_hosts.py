"""Hosts behind webhooks that fail for days, stall, pour and answer too late. F37 to F40.

Each answer by itself is in `tests/notifications/test_webhooks.py`; here steps of ladders go there,
beside mails that must not notice.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.conf import LazySettings
from django.utils import timezone

from commitments.models import User
from notifications import delivery
from notifications.models import Delivery, Endpoint
from tests import http
from tests.faults.makers import (
    HOUR,
    SECOND,
    addresses,
    arrived,
    promises,
    states,
)
from tests.faults.stand import Stand, until
from tests.notifications.endpoints import an_endpoint

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
DAY = 24 * HOUR


@pytest.fixture
def host(stand: Stand, settings: LazySettings) -> Iterator[http.Sink]:
    """A host that we may connect to although it is ourselves."""
    with http.sink() as far_end:
        settings.WEBHOOK_PORTS = [far_end.port]
        settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
        yield far_end


def desk(host: http.Sink, count: int = 1) -> Endpoint:
    """So many promises whose step tells the customer and the desk."""
    endpoint = an_endpoint(host.url)
    promises(count, ladder=[(0, [f"webhook:{endpoint.pk}", "customer"])])
    return endpoint


def a_round(stand: Stand, host: http.Sink) -> None:
    stand.do(
        WEBHOOK_PORTS=[host.port],
        WEBHOOK_ALLOW_PRIVATE=["127.0.0.0/8"],
        NOTIFICATIONS_LENGTHS={"request": SECOND, "webhook_retries": [SECOND / 2] * 9},
    )


def test_f37_a_host_that_fails_for_days_is_switched_off_and_the_operator_told(
    stand: Stand, settings: LazySettings, host: http.Sink
):
    """F37: the schedule of Standard Webhooks, 20 % either way, and then no more."""
    endpoint = desk(host)
    User.objects.create_superuser("root@larkfield.example", "larkfield-demo", name="Root")
    host.usual = http.says(500)
    settings.COMMITMENTS_LENGTHS, settings.NOTIFICATIONS_LENGTHS = {}, {}
    stand.do("sweep")
    waits, now = [], timezone.now()

    while (row := Delivery.objects.get(channel="webhook")).state == "queued":
        delivery.run(now)
        later = Delivery.objects.get(pk=row.pk).attempt_at
        waits.append((later or now) - now)
        now = (later or now) + SECOND

    usual = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)]
    usual += [timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)]
    assert len(host.seen) == 10
    assert all(
        0.8 * length <= wait <= 1.2 * length + SECOND
        for length, wait in zip(usual, waits, strict=False)
    )
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None
    delivery.run(now)
    assert arrived(stand.sink)["root@larkfield.example"] == 1


@pytest.mark.parametrize(
    ("said", "wait"),
    [("3600", HOUR), ("1000000000", DAY), ("-1", 5 * SECOND), ("soon", 5 * SECOND), ("", None)],
)
def test_f38_a_host_that_asks_for_time_is_given_it(
    stand: Stand, settings: LazySettings, host: http.Sink, said: str, wait: timedelta | None
):
    """F38: seconds or a date, a day at most; nonsense counts as nothing."""
    desk(host)
    settings.NOTIFICATIONS_LENGTHS = {}
    stand.do("sweep")
    now = timezone.now()
    asked = said or format_datetime((now + 2 * HOUR).replace(microsecond=0), usegmt=False)
    host.script = [http.says(429, Retry_After=asked)]

    delivery.run(now)

    row = Delivery.objects.get(channel="webhook")
    assert row.attempt_at is not None
    given = wait if wait is not None else 2 * HOUR
    assert 0.8 * given - SECOND <= row.attempt_at - now <= 1.2 * given + 10 * SECOND


SLOW = http.drips(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", pause=0.3)
POURING = http.pours(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", piece=b"x" * 65536)
BOMB = gzip.compress(b"\0" * 10_000_000)
PACKED = http.raw(
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB
)


@pytest.mark.parametrize("turn", [SLOW, POURING, PACKED, http.hangs, http.drops])
def test_f39_a_host_that_drips_or_pours_is_cut_off_and_the_mails_flow(
    stand: Stand, host: http.Sink, turn: http.Turn
):
    """F39: in total time, after 64 KiB, and nothing is unpacked."""
    desk(host, 2)
    host.script = [turn]

    began = time.monotonic()
    a_round(stand, host)
    assert time.monotonic() - began < 10
    until(lambda: _webhooks_after_a_round(stand, host) == 2, within=15)

    assert host.poured < 8_000_000  # what lay in the buffers of the system
    assert states(audience="customer") == {"sent": 2}
    mails = {to: n for to, n in arrived(stand.sink).items() if to.startswith("tom")}
    assert mails == addresses(range(2))


def _webhooks_after_a_round(stand: Stand, host: http.Sink) -> int:
    a_round(stand, host)
    return Delivery.objects.filter(channel="webhook", state="sent").count()


def test_f40_an_answer_that_comes_too_late_is_asked_for_again_by_the_same_id(
    stand: Stand, host: http.Sink
):
    """F40: the receiver had it, and knows it again."""
    desk(host)
    host.script = [http.hangs]

    until(lambda: _webhooks_after_a_round(stand, host) == 1, within=15)

    first, second = (request.headers["webhook-id"] for request in host.seen)
    assert first == second
    assert host.seen[0].body == host.seen[1].body
