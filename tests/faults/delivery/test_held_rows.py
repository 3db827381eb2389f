"""Somebody holds a lock on what a message is about: the other messages flow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from commitments.models import User
from notifications import delivery
from notifications.envelope import Delivered, Outcome
from tests.notifications.makers import NOON, Agreeable, ana, queue, states, the_delivery, to_tom
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
def held(person: User) -> Iterator[Callable[[], None]]:
    """Somebody else's transaction holds this row until the block ends, or until let go of."""
    has_it, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=person.pk)
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
