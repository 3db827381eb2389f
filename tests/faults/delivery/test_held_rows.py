"""Somebody holds a lock on what a message is about: the other messages flow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from commitments.models import User
from notifications import delivery, outbox
from notifications.channels import Desk, Letter, Receipt
from notifications.delivery import leases, preparing
from notifications.delivery.clock import Clock
from notifications.delivery.sender import Sender
from notifications.envelope import Delivered, LetGo, Outcome
from notifications.models import Delivery
from tests.notifications.makers import (
    MINUTE,
    NOON,
    Agreeable,
    ana,
    queue,
    states,
    the_delivery,
    to_tom,
    tries,
)
from tests.smtp import Sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql, pytest.mark.faults]

LEASE = timedelta(seconds=130)


class Locking(Agreeable):
    """Locks Ana's row, as a timeline would be, before it hears the fate of message 2."""

    before: Callable[[str], object] = staticmethod(lambda _: None)

    def settled(self, delivered: Delivered, outcome: Outcome, at: datetime) -> None:
        self.before(delivered.key)
        if delivered.key == "2":
            User.objects.select_for_update().get(name="Ana")
        super().settled(delivered, outcome, at)


locking = Locking()


@pytest.fixture(autouse=True)
def _locking(settings: LazySettings, _invented_messages: None) -> Iterator[None]:
    settings.NOTIFICATIONS_SUBJECT = "tests.faults.delivery.test_held_rows.locking"
    locking.__init__()  # type: ignore[misc]  # the settings name this very object
    locking.before = lambda _: None
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '100ms'")
    yield
    connection.close()


@contextmanager
def held(row: User | Delivery) -> Iterator[Callable[[], None]]:
    """Somebody else's transaction holds this row until the block ends, or until let go of."""
    has_it, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            row.__class__.objects.select_for_update().get(pk=row.pk)
            has_it.set()
            enough.wait()
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    has_it.wait()

    def let_go() -> None:
        enough.set()
        holder.join()

    try:
        yield let_go
    finally:
        let_go()


def test_the_other_mails_flow_and_the_held_one_is_not_sent_again(sink: Sink):
    queue(to_tom("1"), to_tom("2"), to_tom("3"))

    with held(ana()):
        delivery.run(NOON)
    assert states() == {"sent": 2, "leased": 1}
    delivery.run(NOON + LEASE)

    assert states() == {"sent": 2, "uncertain": 1}
    assert len(sink.accepted) == 3


def test_a_result_that_was_held_up_is_recorded_when_the_lock_is_gone(sink: Sink):
    queue(to_tom("1"), to_tom("2"), to_tom("3"))

    with held(ana()) as let_go:
        locking.before = lambda key: let_go() if key == "3" else None
        delivery.run(NOON)

    assert states() == {"sent": 3}
    assert [key for key, _ in locking.told] == ["1", "3", "2"]


def test_a_lease_that_ran_out_on_a_held_row_stops_nothing(sink: Sink):
    queue(to_tom("2"))
    with held(ana()):
        delivery.run(NOON)
        queue(to_tom("3"))
        delivery.run(NOON + LEASE)

        assert (the_delivery("2").phase, the_delivery("3").state) == ("final", "sent")


def test_mail_that_stays_here_is_put_off_and_never_poisoned(settings: LazySettings):
    settings.EMAIL_URL = ""
    queue(to_tom("1"), to_tom("2"), to_tom("3"))

    now = NOON
    with held(ana()):
        for _ in range(4):
            delivery.run(now)
            now = the_delivery("2").attempt_at or now
    assert states() == {"sent": 2, "queued": 1}
    delivery.run(now)

    assert states() == {"sent": 3}


# --- the marker


def claimed() -> tuple[Delivery, Letter]:
    queue(to_tom())
    [row] = leases.claim("email", limit=1, now=NOON)
    [(_, compose)], _ = preparing.sort_out([row], now=NOON)
    return row, compose()


def marking(row: Delivery, letter: Letter, answers: list[bool]) -> threading.Thread:
    """Somebody who asks whether they may finish, and has to wait."""

    def ask() -> None:
        answers.append(leases.mark_alone(row, letter, now=NOON))
        connection.close()

    waiting = threading.Thread(target=ask)
    waiting.start()
    waiting.join(timeout=0.5)
    assert waiting.is_alive()
    return waiting


def test_a_row_that_somebody_only_looked_at_is_passed_by_and_then_waited_for():
    row, letter = claimed()
    answers: list[bool] = []

    with held(row) as let_go:
        assert leases.exchange([], [(row, letter)], now=NOON) == set()
        waiting = marking(row, letter, answers)
        let_go()
    waiting.join()

    assert (answers, the_delivery().phase) == ([True], "final")


def test_a_row_that_was_withdrawn_while_it_was_waited_for_is_let_go():
    row, letter = claimed()
    answers: list[bool] = []

    with transaction.atomic():
        outbox.withdraw(about=["commitment:7"], reason="It was kept.", now=NOON)
        waiting = marking(row, letter, answers)
    waiting.join()

    assert (answers, the_delivery().state) == ([False], "cancelled")


def test_a_row_that_is_held_for_long_is_let_go_and_holds_up_nobody(sink: Sink):
    row, letter = claimed()

    with held(row):
        assert not leases.mark_alone(row, letter, now=NOON)
        queue(to_tom("3"))
        delivery.run(NOON)

    assert (the_delivery().phase, the_delivery("3").state) == ("claimed", "sent")


@dataclass
class Watched:
    """A line that stands before its last byte while somebody holds the row, until it is wanted."""

    row: Delivery
    desk: Desk

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        with held(self.row) as let_go:
            wanted = threading.Thread(target=once_somebody_waits, args=(let_go,))
            wanted.start()
            is_final = may_finish()
            wanted.join()
        if not is_final:
            raise LetGo
        return Receipt(provider_id="", code=250, answer="ok")

    def close(self) -> None:
        """There is nobody to say goodbye to."""


def once_somebody_waits(act: Callable[[], None]) -> None:
    with connection.cursor() as cursor:
        waiting = 0
        while not waiting:
            cursor.execute("select count(*) from pg_locks where not granted")
            [waiting] = cursor.fetchone()
    act()
    connection.close()


def test_a_mail_whose_row_was_only_looked_at_is_sent_at_its_first_try():
    row, _ = claimed()
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '30s'")

    with closing(Sender("email", partial(Watched, row), clock=Clock(NOON, length=MINUTE))) as one:
        one.send([row])
        one.finish()

    assert (the_delivery().state, tries()) == ("sent", [("accepted", 250, "ok")])
