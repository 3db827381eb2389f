"""Several lines at once: one hand that writes, and at most one message a line in doubt."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from notifications import delivery
from notifications.channels import Desk, Letter, Receipt
from notifications.delivery import leases, preparing, results
from notifications.delivery.clock import Clock
from notifications.delivery.sender import Sender
from notifications.envelope import DeliveryError, LetGo
from notifications.models import Attempt, Delivery
from tests.notifications.makers import MINUTE, NOON, queue, states, the_delivery, to_ana, to_tom
from tests.smtp import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OK = Receipt(provider_id="", code=250, answer="ok")


def some(count: int) -> None:
    queue(*(to_tom(f"{number}", address=f"tom{number}@example.org") for number in range(count)))


@dataclass
class Meeting:
    """Lines that hold each other up: nobody gets an answer before so many wait for one."""

    size: int
    finished: list[str] = field(default_factory=list)
    closed: int = 0

    def __post_init__(self) -> None:
        self.barrier = threading.Barrier(self.size, timeout=20)

    def connect(self, desk: Desk) -> Meeting:
        return self

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        if not may_finish():
            raise LetGo
        self.barrier.wait()
        self.finished.append(letter.key)
        return OK

    def close(self) -> None:
        self.closed += 1


@contextmanager
def a_sender(connect: Callable[[Desk], Meeting], *, lines: int) -> Iterator[Sender]:
    with closing(Sender("email", connect, clock=Clock(NOON, length=MINUTE), lines=lines)) as sender:
        yield sender


def test_so_many_are_under_way_at_once_and_each_is_sent_once():
    some(9)
    meeting = Meeting(3)

    with a_sender(meeting.connect, lines=3) as sender:
        sender.send(leases.claim("email", limit=9, now=NOON))
        sender.finish()

    assert sorted(meeting.finished) == [f"{number}" for number in range(9)]
    assert (states(), sender.done, meeting.closed) == ({"sent": 9}, 9, 3)
    assert Attempt.objects.filter(ending="accepted", code=250).count() == 9


def test_mail_goes_out_over_several_connections(sink: Sink, settings: LazySettings):
    settings.SENDERS = 3
    some(30)

    assert delivery.run(NOON) == 30

    assert states() == {"sent": 30}
    assert set(Counter(sink.recipients).values()) == {1}
    assert 1 <= sink.seen["BANNER"] <= 3


def test_a_server_that_hangs_on_one_connection_holds_up_no_other(
    sink: Sink, settings: LazySettings
):
    settings.SENDERS = 2
    settings.NOTIFICATIONS_LENGTHS = {"conversation": timedelta(seconds=1)}
    sink.script["RCPT"] = ["hang"]
    some(10)

    delivery.run(NOON)

    assert states() == {"sent": 9, "queued": 1}
    assert len(sink.accepted) == 9


def test_after_an_error_of_the_far_end_each_line_stops(sink: Sink, settings: LazySettings):
    settings.SENDERS = 2
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    some(20)

    delivery.run(NOON)

    tried = Attempt.objects.filter(ending="postponed").count()
    assert 1 <= tried <= 2
    assert states() == {"queued": 20}


def test_the_markers_and_the_results_of_all_lines_are_one_statement(
    settings: LazySettings, django_assert_num_queries: DjangoAssertNumQueries
):
    settings.NOTIFICATIONS_ALONE = ("plain",)
    queue(*(to_ana(f"{number}") for number in range(4)))
    ready, _ = preparing.sort_out(leases.claim("email", limit=4, now=NOON), now=NOON)
    jobs = [(row, compose()) for row, compose in ready]
    first = leases.exchange([], jobs[:2], now=NOON)
    taken = [results.accepted(row, OK, at=NOON) for row, _ in jobs[:2]]

    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 5):
        second = leases.exchange(taken, jobs[2:], now=NOON)

    assert (first, second) == ({row.pk for row, _ in jobs[:2]}, {row.pk for row, _ in jobs[2:]})
    assert states() == {"sent": 2, "leased": 2}
    assert Attempt.objects.filter(ending="accepted", code=250, answer="ok").count() == 2


@dataclass
class Broken:
    """A line whose far end says no in a way nobody foresaw, every second time."""

    desk: Desk
    sent: int = 0

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        self.sent += 1
        if self.sent % 2:
            raise ZeroDivisionError("nobody foresaw it")
        if not may_finish():
            raise LetGo
        return OK

    def close(self) -> None:
        """There is nobody to say goodbye to."""


def test_an_error_nobody_foresaw_costs_its_own_message_a_try():
    some(4)

    with closing(Sender("email", Broken, clock=Clock(NOON, length=MINUTE))) as sender:
        sender.send(leases.claim("email", limit=4, now=NOON))

    assert states() == {"sent": 2, "queued": 2}
    assert the_delivery("0").reason == "ZeroDivisionError: nobody foresaw it"


def test_a_desk_answers_what_it_is_asked_and_raises_what_it_finds():
    some(2)
    heard: list[object] = []

    class Asking(Broken):
        def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
            heard.append(self.desk(Delivery.objects.count))
            try:
                self.desk(lambda: Delivery.objects.get(key="nobody"))
            except Delivery.DoesNotExist as error:
                raise DeliveryError("not there", permanent=True) from error
            raise AssertionError

    with closing(Sender("email", Asking, clock=Clock(NOON, length=MINUTE))) as sender:
        sender.send(leases.claim("email", limit=1, now=NOON))

    assert (heard, states()) == ([2], {"failed": 1, "queued": 1})


def test_no_thread_outlives_its_round(sink: Sink, settings: LazySettings):
    settings.SENDERS = 3
    some(5)

    delivery.run(NOON)

    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if "(_work)" in name or "(_watch)" in name]
