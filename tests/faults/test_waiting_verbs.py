"""A verb that had to wait for another sees what the other did."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from commitments import services
from commitments.models import CheckIn
from notifications.models import Delivery
from tests.makers import HOUR, NOON, a_commitment, ana, dev, ines

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.faults,
]
WAITING = "select 1 from pg_locks where pid = %s and not granted"


def one_waits_for_the_other(first: Callable[[], object], second: Callable[[], object]) -> None:
    """Start the second while the first has not committed; both must succeed."""
    backends: Future[int] = Future()

    def wait() -> None:
        try:
            connection.ensure_connection()
            backends.set_result(connection.connection.info.backend_pid)
            second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            first()
            waiting = pool.submit(wait)
            backend = backends.result(timeout=10)
            while not waiting.done() and not _waits(backend, cursor):
                pass
        waiting.result(timeout=10)


def _waits(backend: int, cursor: CursorWrapper) -> bool:
    cursor.execute(WAITING, [backend])
    return cursor.fetchone() is not None


def test_who_waited_for_a_change_of_hands_speaks_for_the_new_owner() -> None:
    kettle = a_commitment(due_at=NOON + 5 * HOUR, summary=False)

    one_waits_for_the_other(
        lambda: services.reassign(kettle.pk, by=ana(), owner_id=dev().pk, now=NOON),
        lambda: services.update(
            kettle.pk, by=ines(), words="It is on its way", tell_customer=True, now=NOON
        ),
    )

    assert Delivery.objects.get(template="progress").sender.startswith("Dev at ")


def test_a_promise_kept_while_another_opens_again_is_still_asked_about() -> None:
    first, second = a_commitment(case="a"), a_commitment(case="b")
    services.fulfil(first.pk, by=ana(), how="Sent", now=NOON)

    one_waits_for_the_other(
        lambda: services.fulfil(second.pk, by=ana(), how="Sent", now=NOON),
        lambda: services.reopen(first.pk, by=ana(), reason="Not there", now=NOON),
    )

    assert CheckIn.objects.pending().get().items.get().commitment_id == second.pk
