"""The web server killed around its commit: what was acknowledged is there, once. F1 to F3."""

from __future__ import annotations

import pytest

from commitments.models import Commitment
from tests.faults.makers import (
    addresses,
    arrived,
    nothing_is_due,
    states,
)
from tests.faults.program import NO_ANSWER, Program
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]


def test_f01_killed_before_the_commit_nothing_is_there_and_a_retry_makes_one(stand: Stand):
    """F1."""
    program = Program(stand.port)
    web = stand.web(env={"CRASH_AT": "T1.pre"})
    until(program.finds_it_alive)

    assert program.make(1, key="once").status == NO_ANSWER
    assert Commitment.objects.count() == 0
    web.end()
    stand.web()
    until(program.finds_it_alive)
    answer = program.make(1, key="once")

    assert (answer.status, Commitment.objects.count()) == (201, 1)
    assert "Idempotency-Replayed" not in answer.headers


def test_f02_f03_killed_before_the_wake_up_it_is_there_once_and_is_sent(stand: Stand):
    """F2 and F3: after the commit, before the wake-up and the reply."""
    program = Program(stand.port)
    web = stand.web(env={"CRASH_AT": "wake"})
    until(program.finds_it_alive)

    assert program.make(1, key="once").status == NO_ANSWER
    assert (Commitment.objects.count(), states()) == (1, {"queued": 1})
    web.end()
    stand.worker()
    stand.beat()
    until(lambda: len(stand.sink.accepted) == 1, within=20)  # nobody said that it is there
    stand.web()
    until(program.finds_it_alive)
    answer = program.make(1, key="once")
    until(nothing_is_due)

    assert (answer.status, answer.headers["Idempotency-Replayed"]) == (201, "true")
    assert (Commitment.objects.count(), states()) == (1, {"sent": 1})
    assert arrived(stand.sink) == addresses([1])
