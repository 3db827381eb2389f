"""A database that crashes, is full of others, or held by somebody. F21 to F25."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.db import connection

from commitments.models import Commitment
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


class Writer(threading.Thread):
    """Makes one promise after another until told to stop, and remembers which were acknowledged."""

    def __init__(self, program: Program) -> None:
        super().__init__(daemon=True)
        self.program, self.enough = program, threading.Event()
        self.asked: int = 0
        self.acknowledged: list[int] = []
        self.statuses: set[int] = set()

    def run(self) -> None:
        while not self.enough.is_set():
            answer = self.program.make(self.asked)
            self.statuses.add(answer.status)
            if answer.status == 201:
                self.acknowledged.append(self.asked)
            self.asked += 1
            time.sleep(0.05)


@pytest.mark.parametrize("crashes", [3, pytest.param(5, marks=pytest.mark.long_fault)])
def test_f21_what_was_acknowledged_outlives_every_crash_of_the_database(stand: Stand, crashes: int):
    """F21: every 2xx is there, the loops connect again within 15 s, and no process ends."""
    program = Program(stand.port)
    web, worker, beat = stand.web(), stand.worker(), stand.beat()
    until(program.finds_it_alive)
    writer = Writer(program)
    writer.start()

    for _ in range(crashes):
        enough = len(writer.acknowledged) + 4
        until(lambda: len(writer.acknowledged) >= enough)  # noqa: B023 - asked at once
        connection.close()
        stand.cluster.crash_and_return()
    enough = len(writer.acknowledged) + 4
    until(lambda: len(writer.acknowledged) >= enough, within=15)
    writer.enough.set()
    writer.join()
    until(nothing_is_due, within=30)

    assert (web.is_running, worker.is_running, beat.is_running) == (True, True, True)
    assert writer.statuses <= {201, 503}
    made = set(Commitment.objects.values_list("customer__email", flat=True))
    assert set(addresses(writer.acknowledged)) <= made
    # The owner is told of each mail in doubt, by a mail as well.
    came = {address: mails for address, mails in arrived(stand.sink).items() if address in made}
    became = states(audience="customer")
    doubtful = became.get("uncertain", 0)
    assert set(came.values()) == {1}
    assert doubtful <= 2 * crashes  # one of each sender
    assert became["sent"] + doubtful == sum(became.values())


@contextmanager
def hogs(stand: Stand) -> Iterator[None]:
    """Others take every connection there is, those that the web server had kept among them."""
    stand.cluster.say(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        f" where datname = '{stand.database}'",
        to="postgres",
    )
    lines = []
    try:
        while True:
            lines.append(psycopg2.connect(stand.cluster.url("postgres")))
    except psycopg2.OperationalError:
        yield
    finally:
        for line in lines:
            line.close()


def test_f22_without_a_free_connection_it_says_so_and_recovers_alone(stand: Stand):
    """F22: 503 with Retry-After, then 201 again, without a restart."""
    program = Program(stand.port)
    stand.web()
    until(program.finds_it_alive)
    assert program.make(0).status == 201

    connection.close()
    with hogs(stand):
        refused = [program.make(1) for _ in range(10)]
    recovered = [program.make(number) for number in range(1, 4)]

    assert [answer.status for answer in refused] == [503] * 10
    assert all("Retry-After" in answer.headers for answer in refused)
    assert [answer.status for answer in recovered] == [201] * 3
    stand.do()
    assert (states(), arrived(stand.sink)) == ({"sent": 4}, addresses(range(4)))


def test_f23_killed_connections_cost_a_turn_and_no_more(stand: Stand):
    """F23: `pg_terminate_backend` of everything of ours, web and worker; the next turn works."""
    program = Program(stand.port)
    web, worker, beat = stand.web(), stand.worker(), stand.beat()
    until(program.finds_it_alive)
    assert program.make(0).status == 201
    until(lambda: len(stand.sink.accepted) == 1)

    connection.close()
    stand.cluster.say(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        f" where datname = '{stand.database}' and pid <> pg_backend_pid()",
        to="postgres",
    )
    answers = [program.make(number) for number in range(1, 4)]
    until(lambda: len(stand.sink.accepted) == 4)
    until(nothing_is_due)

    assert [answer.status for answer in answers] == [201] * 3
    assert (web.is_running, worker.is_running, beat.is_running) == (True, True, True)
    assert (states(), arrived(stand.sink)) == ({"sent": 4}, addresses(range(4)))


@contextmanager
def held(stand: Stand, pk: int) -> Iterator[None]:
    """Somebody has taken this promise in psql, and gone to lunch."""
    with closing(psycopg2.connect(stand.cluster.url(stand.database))) as line:
        with line.cursor() as cursor:
            cursor.execute("select 1 from commitments_commitment where id = %s for update", [pk])
        yield


def test_f24_a_held_promise_holds_up_itself_only(stand: Stand):
    """F24: the others flow; who asks for the held one is told within the lock timeout."""
    first, *_ = promises(10)
    program = Program(stand.port)
    stand.web()
    until(program.finds_it_alive)

    with held(stand, first.pk):
        stand.do()
        refused = program.call(
            "POST", f"/api/v1/commitments/{first.reference}/fulfil/", {"how": "Sent."}
        )
        assert states() == {"sent": 9}
    assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
    assert 2.5 < refused.took < 6
    stand.do()

    assert (states(), arrived(stand.sink)) == ({"sent": 10}, addresses(range(10)))


def test_f25_who_falls_asleep_in_a_transaction_is_woken(stand: Stand):
    """F25: sixty seconds, and PostgreSQL ends it; its locks are gone."""
    [kettle] = promises(1)
    with connection.cursor() as cursor:
        cursor.execute("show idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)

    with closing(psycopg2.connect(stand.cluster.url(stand.database))) as asleep:
        with asleep.cursor() as cursor:
            cursor.execute("set idle_in_transaction_session_timeout = '200ms'")
            cursor.execute(
                "select 1 from commitments_commitment where id = %s for update", [kettle.pk]
            )
        time.sleep(0.5)
        stand.do()

    assert (states(), arrived(stand.sink)) == ({"sent": 1}, addresses(range(1)))
