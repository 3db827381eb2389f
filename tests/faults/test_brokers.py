"""A broker that is away, dies, hangs or comes back carries wake-ups, never facts. F13 to F17."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from commitments.models import Commitment
from notifications.models import JobRound
from tests.faults.makers import (
    addresses,
    arrived,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.program import Program
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
QUEUE = "followthrough"


def test_f13_with_the_broker_down_promises_are_made_and_run_due_does_the_rest(stand: Stand):
    """F13: web answers 2xx, /readyz is red, `run_due` takes the place of worker and beat."""
    stand.broker.die()
    program = Program(stand.port)
    stand.web()
    until(program.finds_it_alive)

    answers = [program.make(number) for number in range(3)]
    readiness = program.ready()
    done = stand.manage("run_due")

    assert [answer.status for answer in answers] == [201] * 3
    assert readiness.status == 503
    assert "The broker does not answer" in str(readiness.body["troubles"])
    assert done.returncode == 0, done.stderr
    assert (states(), arrived(stand.sink)) == ({"sent": 3}, addresses(range(3)))


def test_f13_f17_what_the_broker_lost_is_sent_when_it_is_back(stand: Stand):
    """F13 and F17: down at the start, and in mid-task."""
    stand.broker.die()
    promises(5)
    worker, beat = stand.worker(), stand.beat()

    worker.has_said("Cannot connect to")
    stand.broker.start()
    until(lambda: len(stand.sink.accepted) == 5, within=60)
    until(nothing_is_due)

    stand.sink.pause = 0.2
    promises(5, start=5)
    until(lambda: len(stand.sink.accepted) > 5)
    stand.broker.die()  # in the middle of a task, which then cannot be given back
    worker.has_said("Connection to broker lost")
    stand.broker.start()
    until(lambda: len(stand.sink.accepted) == 10, within=60)
    until(nothing_is_due)

    assert worker.is_running
    assert beat.is_running
    assert (states(), arrived(stand.sink)) == ({"sent": 10}, addresses(range(10)))


def test_f14_with_500_wake_ups_the_broker_loses_no_message(stand: Stand):
    """F14: real ones, of promises that were made, and nobody who took them before it died."""
    program = Program(stand.port)
    stand.web()
    until(program.finds_it_alive)
    answers = [program.make(number) for number in range(10)]
    with stand.broker.talk() as line:
        [first, *_] = line.lrange(QUEUE, 0, -1)  # type: ignore[misc]  # not awaitable here
    stand.broker.put(QUEUE, [first] * 490)
    assert stand.broker.waiting(QUEUE) >= 500

    stand.broker.die()
    stand.broker.start()
    assert stand.broker.waiting(QUEUE) == 0
    stand.worker()
    stand.beat()
    until(lambda: len(stand.sink.accepted) == 10)
    until(nothing_is_due)

    assert [answer.status for answer in answers] == [201] * 10
    assert (states(), arrived(stand.sink)) == ({"sent": 10}, addresses(range(10)))


def test_f15_a_broker_that_hangs_holds_up_no_request(stand: Stand):
    """F15: it takes the connection and says nothing; with default settings this is for ever."""
    program = Program(stand.port)
    stand.web()
    until(program.finds_it_alive)
    assert program.make(0).status == 201

    stand.broker.freeze()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(program.make, range(1, 21)))
    stand.broker.thaw()
    stand.do("delivery")

    assert [answer.status for answer in answers] == [201] * 20
    assert sorted(answer.took for answer in answers)[18] < 1.5  # nineteen of twenty
    assert Commitment.objects.count() == 21
    assert (states(), arrived(stand.sink)) == ({"sent": 21}, addresses(range(21)))


@pytest.mark.long_fault
def test_f17_rounds_go_on_after_a_restart_of_the_broker(stand: Stand):
    """F17: the worker is idle when it happens, and consumes again within 30 seconds."""
    promises(0)
    worker, _ = stand.worker(), stand.beat()
    until(lambda: JobRound.objects.filter(name="remind_owners").exists())

    stand.broker.die()
    stand.broker.start()
    since = JobRound.objects.get(name="remind_owners").finished_at
    promises(3)
    until(lambda: JobRound.objects.get(name="remind_owners").finished_at > since, within=30)
    until(lambda: len(stand.sink.accepted) == 3)
    until(nothing_is_due)

    assert worker.is_running
    assert (states(), arrived(stand.sink)) == ({"sent": 3}, addresses(range(3)))
