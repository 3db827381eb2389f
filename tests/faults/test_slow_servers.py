"""A mail server that takes its time over each mail, with thousands waiting for it. F35."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

import pytest
from django.utils import timezone

from config import awake
from notifications.models import Delivery
from tests import http
from tests.faults.backlog import a_backlog, until_an_urgent_one_is_there
from tests.faults.makers import (
    nothing_is_due,
    promises,
    states,
)
from tests.faults.stand import Process, Stand, until
from tests.notifications.endpoints import an_endpoint

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
Lengths: TypeAlias = dict[str, float | list[float]]
# As in production: a lease outlives a batch, and a round ends long before a backlog does.
UNSHRUNK: Lengths = {
    "lease": 120,
    "margin": 30,
    "round": 20,
    "conversation": 30,
    "gather": 60,
    "retries": [60, 300, 900],
}
SHRUNK: Lengths = {"lease": 8, "margin": 1, "conversation": 6, "retries": [0.5, 1, 10]}


@pytest.fixture
def host() -> Iterator[http.Sink]:
    with http.sink() as far_end:
        yield far_end


def a_worker(stand: Stand, host: http.Sink, lengths: Lengths) -> Process:
    trusting = {
        "WEBHOOK_PORTS": str(host.port),
        "WEBHOOK_ALLOW_PRIVATE": "127.0.0.0/8",
        "PUBLIC_URL": "http://promises.example",  # webhooks go to no address of our own
    }
    return stand.worker(env={"SENDERS": "4", **trusting}, lengths=lengths)


@pytest.mark.parametrize(
    ("count", "pause", "lengths"),
    [
        # Rounds of four seconds, and mails for several of them.
        (800, 0.2, SHRUNK),
        pytest.param(
            5_000,
            2.0,
            UNSHRUNK,
            marks=[pytest.mark.long_fault, pytest.mark.timeout(600)],
            id="5,000 at two seconds each",
        ),
    ],
)
def test_f35_behind_a_slow_server_what_is_urgent_overtakes_and_other_ways_are_free(
    stand: Stand, host: http.Sink, count: int, pause: float, lengths: Lengths
):
    """F35: inbox and webhooks flow, an urgent mail is next, and the oldest is said to be so."""
    promises(1)
    stand.do()
    since = a_backlog(stand, count)
    stand.sink.pause = pause
    worker = a_worker(stand, host, lengths)
    stand.beat()
    until(lambda: len(stand.sink.accepted) > 8)

    endpoint = an_endpoint(host.url)
    promises(3, start=1, ladder=[(0, [f"webhook:{endpoint.pk}", "owner"])])
    until(lambda: len(host.seen) == 3)
    until(lambda: inbox() == {"sent": 3})
    took = until_an_urgent_one_is_there(1)
    left = states()["queued"]
    oldest = awake.look(timezone.now()).due_since["deliveries"]
    stand.sink.pause = 0
    until(nothing_is_due, within=60)

    assert took < 60
    assert left > count // 3
    assert oldest == since
    assert worker.is_running
    assert states() == {"sent": count + 2 + 1, "bundled": 3}
    assert len(stand.sink.accepted) == count + 3
    assert set(stand.sink.by_message_id().values()) == {1}
    assert Counter(request.headers["webhook-id"] for request in host.seen).total() == 3


def inbox() -> dict[str, int]:
    items = Delivery.objects.filter(channel="inbox")
    return dict(Counter(items.values_list("state", flat=True)))
