"""Markers that are there before a line asks for them: for what a receiver knows by its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import delivery, outbox
from notifications.channels import Desk, Letter, Receipt
from notifications.delivery import leases
from notifications.delivery.clock import Clock
from notifications.delivery.sender import Sender
from notifications.envelope import DeliveryError, LetGo
from notifications.models import Attempt, Delivery, Endpoint
from tests import http
from tests.http import says
from tests.notifications.endpoints import to_endpoint
from tests.notifications.makers import MINUTE, NOON, queue, states

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OK = Receipt(provider_id="", code=200, answer="ok")


@dataclass
class Program:
    """A line whose far end takes everything, but what it is told to fail at."""

    took: list[str] = field(default_factory=list)
    asked: int = 0
    fails_at: str = ""

    def connect(self, desk: Desk) -> Program:
        return self

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        self.asked += 1
        if not may_finish():
            raise LetGo
        if letter.key == self.fails_at:
            raise DeliveryError("500 no", code=500)
        self.took.append(letter.key)
        return OK

    def close(self) -> None:
        """There is nobody to say goodbye to."""


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def sender(program: Program) -> Iterator[Sender]:
    clock = Clock(NOON, length=MINUTE)
    with closing(Sender("webhook", program.connect, clock=clock)) as sender:
        yield sender


def claimed(desk: Endpoint, count: int, **facts: object) -> list[Delivery]:
    queue(*(to_endpoint(desk, f"{number}", **facts) for number in range(count)))
    return leases.claim("webhook", limit=count, now=NOON)


def markers(captured: CaptureQueriesContext) -> int:
    """How many statements set any."""
    said = [" ".join(query["sql"].split()) for query in captured]
    saying = [sql for sql in said if "set phase = 'final'" in sql]
    nothing = "from jsonb_array_elements('[]'::jsonb) as listed (one)) as wishes"
    return sum(nothing not in sql for sql in saying)


def test_so_many_are_marked_in_one_statement(sender: Sender, program: Program, desk: Endpoint):
    rows = claimed(desk, 12)

    with CaptureQueriesContext(connection) as captured:
        sender.send_known(rows, at_once=6)
        sender.finish()

    assert markers(captured) == 2
    assert (len(program.took), states()) == (12, {"sent": 12})
    assert Attempt.objects.filter(ending="accepted", code=200).count() == 12


def test_a_line_that_comes_too_late_lets_go(
    sender: Sender, program: Program, desk: Endpoint, settings: LazySettings
):
    settings.NOTIFICATIONS_LENGTHS = {"ahead": timedelta(0)}

    sender.send_known(claimed(desk, 5), at_once=5)
    sender.finish()

    assert (program.asked, states()) == (0, {"queued": 5})
    assert set(Delivery.objects.values_list("phase", "attempts")) == {("", 0)}
    assert Attempt.objects.filter(ending="released").count() == 5


def test_what_was_withdrawn_before_the_marker_is_not_sent(
    sender: Sender, program: Program, desk: Endpoint
):
    rows = claimed(desk, 4)
    queue(to_endpoint(desk, "kept", about="commitment:8"))
    rows += leases.claim("webhook", limit=1, now=NOON)
    outbox.withdraw(about=["commitment:7"], reason="It was kept.", now=NOON)

    sender.send_known(rows, at_once=5)
    sender.finish()

    assert (program.took, states()) == (["kept"], {"cancelled": 4, "sent": 1})
    assert Attempt.objects.filter(ending="released", answer="Withdrawn.").count() == 4


def test_one_that_is_refused_stops_no_other(sender: Sender, program: Program, desk: Endpoint):
    program.fails_at = "2"

    sender.send_known(claimed(desk, 5), at_once=5)
    sender.finish()

    assert (program.took, states()) == (["0", "1", "3", "4"], {"sent": 4, "queued": 1})


def test_what_a_host_gave_back_was_not_tried(
    far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    far_end.script = [http.raw(http.OK)] * 3
    far_end.usual = says(500)
    queue(*(to_endpoint(desk, f"{number}") for number in range(30)))

    delivery.run(NOON)

    waiting = Delivery.objects.filter(state="queued")
    assert sorted(waiting.values_list("attempts", flat=True)) == [*[0] * 26, 1]
    assert set(waiting.values_list("phase", flat=True)) == {""}
    assert not waiting.filter(attempt_at__lte=NOON).exists()
