"""Workers killed, told to stop, or handed what they cannot read. F10 to F12, F16 and F42."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from notifications.models import Delivery
from tests.faults.makers import (
    addresses,
    arrived,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.stand import Stand, until
from tests.smtp import HANG

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
READY = "celery.apps.worker"
QUEUE = "followthrough"


def envelope(task: str, *, kind: str, body: str) -> bytes:
    """As the transport writes a message."""
    where = {"exchange": "", "routing_key": QUEUE}
    written = {
        "body": body,
        "content-type": kind,
        "content-encoding": "utf-8",
        "headers": {"lang": "py", "task": task, "id": task},
        "properties": {
            "delivery_tag": task,
            "delivery_info": where,
            "body_encoding": "base64",
        },
    }
    return json.dumps(written).encode()


JUNK = (
    b"not json at all",
    b"\xff\xfe",
    b"{}",
    b"[]",
    b'{"body": "!!", "headers": {}, "properties": {}}',
    envelope("deliver_notifications", kind="application/x-python-serialize", body="eA=="),
    envelope("nobody.knows.this", kind="application/json", body="W1tdLCB7fSwge31d"),
    envelope("deliver_notifications", kind="application/json", body="bm9uc2Vuc2U="),
)


def test_f10_a_pool_child_killed_before_the_marker_costs_nothing(stand: Stand):
    """F10: as the kernel kills when memory runs out; what its message was worth does not matter."""
    promises(10)
    stand.sink.script["RCPT"] = [HANG] * 20
    patient = {"lengths": {"conversation": 60}}  # it is we who end it, not the watchdog
    worker = stand.worker(env={"WORKER_CONCURRENCY": "1"}, **patient)
    stand.beat()

    until(lambda: stand.sink.seen["RCPT"] >= 1)
    time.sleep(0.3)  # until every line it has waits for an answer
    for child in worker.children():
        child.kill()
    stand.sink.script.clear()
    until(lambda: len(stand.sink.accepted) == 10)
    until(nothing_is_due)

    assert worker.is_running
    assert states() == {"sent": 10}
    assert arrived(stand.sink) == addresses(range(10))


def test_f11_told_to_stop_it_drains_and_leaves_nothing_uncertain(stand: Stand):
    """F11: SIGTERM under load."""
    promises(150)
    stand.sink.pause = 0.05
    worker = stand.worker()
    stand.beat()

    until(lambda: len(stand.sink.accepted) >= 5)
    began = time.monotonic()
    worker.signal(signal.SIGTERM)
    worker.wait(within=30)

    assert time.monotonic() - began < 30
    assert states().keys() <= {"sent", "queued"}
    assert len(stand.sink.accepted) == states()["sent"]

    stand.sink.pause = 0
    until(lambda: _sent_after_a_round(stand) == 150)
    assert (states(), arrived(stand.sink)) == ({"sent": 150}, addresses(range(150)))


def _sent_after_a_round(stand: Stand) -> int:
    stand.do("delivery")
    return states().get("sent", 0)


@pytest.mark.parametrize(
    "second", [signal.SIGQUIT, pytest.param(signal.SIGTERM, marks=pytest.mark.long_fault)]
)
def test_f12_told_twice_it_stops_at_once_and_corrupts_nothing(stand: Stand, second: signal.Signals):
    """F12: no worse than kill -9: at most one message per sender may have arrived."""
    promises(40)
    stand.sink.pause = 0.05
    worker = stand.worker(env={"WORKER_CONCURRENCY": "1"})
    beat = stand.beat()

    until(lambda: len(stand.sink.accepted) >= 5)
    worker.signal(signal.SIGTERM)
    time.sleep(0.3)
    worker.signal(second)
    worker.wait()
    beat.kill()
    time.sleep(3)  # for so long a lease lasts
    stand.sink.pause = 0
    stand.do("delivery")

    became = states(audience="customer")
    assert became.get("uncertain", 0) <= 1
    assert became["sent"] + became.get("uncertain", 0) == sum(became.values()) == 40
    sent = Delivery.objects.filter(audience="customer", state="sent")
    came = {to: count for to, count in arrived(stand.sink).items() if to.startswith("tom")}
    assert set(came.values()) == {1}
    assert set(sent.values_list("address", flat=True)) <= set(came)


def test_f16_a_broker_that_hands_everything_out_again_doubles_nothing(stand: Stand):
    """F16: visibility_timeout far below what a round takes."""
    promises(90)  # more than three lease at once, so that who is handed a message has work
    stand.sink.pause = 3  # so that there is something left to send until it has been seen
    asked = {
        "broker": {"visibility_timeout": 1, "unacked_restore_interval": 1},
        "lengths": {"conversation": 60, "lease": 60},  # it is about the broker's, not ours
    }
    stand.worker(env={"WORKER_CONCURRENCY": "3"}, **asked)
    stand.beat(**asked)

    until(lambda: was_handed_out_again(stand), what="a message handed out again")
    assert len(stand.sink.accepted) < 90
    stand.sink.pause = 0
    until(lambda: len(stand.sink.accepted) == 90, what="all 90 to arrive")
    until(nothing_is_due)

    assert states() == {"sent": 90}
    assert arrived(stand.sink) == addresses(range(90))


def was_handed_out_again(stand: Stand) -> bool:
    """Whether a message that somebody works on was given to somebody before."""
    with stand.broker.talk() as line:
        under_way = line.hvals("unacked")
    return any(b'"redelivered": true' in message for message in under_way)  # type: ignore[union-attr]  # not awaitable here


def test_f42_messages_that_cannot_be_read_are_dropped_and_the_worker_lives(stand: Stand):
    """F42."""
    promises(3)
    worker = stand.worker()
    worker.has_said(READY)
    for junk in JUNK:
        stand.broker.put(QUEUE, [junk])
    stand.beat()

    until(lambda: len(stand.sink.accepted) == 3, what=worker.said[-3000:])
    until(lambda: stand.broker.waiting(QUEUE) <= 5)
    until(nothing_is_due)

    assert worker.is_running
    assert os.getpgid(worker.pid) == worker.pid
    assert (states(), arrived(stand.sink)) == ({"sent": 3}, addresses(range(3)))


@pytest.mark.timeout(180)
def test_told_to_stop_behind_a_slow_server_it_ends_in_time_and_doubts_nothing(stand: Stand):
    """With the lengths of production, and a mail server that takes nine seconds over each mail."""
    promises(60)
    stand.sink.pause = 9
    production = {"lease": 120, "margin": 30, "round": 20, "conversation": 30}
    eight = {"WORKER_CONCURRENCY": "1", "SENDERS": "8"}
    worker = stand.worker(env=eight, lengths=production)
    beat = stand.beat()

    until(lambda: stand.sink.seen["DATA"] >= 8)
    began = time.monotonic()
    worker.signal(signal.SIGTERM)
    worker.wait(within=60)
    took = time.monotonic() - began
    beat.kill()

    assert took < 30
    assert states().keys() <= {"sent", "queued"}
    assert len(stand.sink.accepted) == states()["sent"] < 60
    assert set(arrived(stand.sink).values()) == {1}

    stand.sink.pause = 0
    until(lambda: _sent_after_a_round(stand) == 60)
    assert arrived(stand.sink) == addresses(range(60))
