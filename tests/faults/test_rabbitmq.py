"""The same work over RabbitMQ, where RABBITMQ_URL names one: a vhost that nobody else uses."""

from __future__ import annotations

import os

import pytest

from tests.faults.makers import (
    addresses,
    arrived,
    nothing_breaks_a_rule,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.program import Program
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults, pytest.mark.rabbitmq]


def test_what_a_killed_worker_had_begun_is_ended_by_the_next(stand: Stand) -> None:
    over_rabbit = {"CELERY_BROKER_URL": os.environ["RABBITMQ_URL"]}
    program = Program(stand.port)
    stand.web(env=over_rabbit)
    until(program.finds_it_alive)
    assert program.ready().status == 200

    promises(20)
    stand.sink.pause = 0.2
    worker = stand.worker(env=over_rabbit)
    stand.beat(env=over_rabbit)
    until(lambda: len(stand.sink.accepted) > 3)
    worker.kill()
    stand.sink.pause = 0
    stand.worker(env=over_rabbit)
    made = [program.make(number) for number in range(20, 25)]
    until(nothing_is_due, within=60)

    assert [answer.status for answer in made] == [201] * 5
    assert set(states()) <= {"sent", "uncertain"}
    came, uncertain = arrived(stand.sink) & addresses(range(25)), states().get("uncertain", 0)
    assert uncertain <= 1  # what was on its way when the worker died, of which the owner is told
    assert came.total() >= 25 - uncertain
    assert set(stand.sink.by_message_id().values()) == {1}
    nothing_breaks_a_rule()
