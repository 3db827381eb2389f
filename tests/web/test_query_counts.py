"""What each page of the day asks of the database: no more for many promises than for a few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Commitment
from notifications.models import InboxItem
from tests import makers
from tests.makers import DAY, HOUR, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def one_of_each(number: int) -> Commitment:
    """Overdue, due today, a call, one that waits, one that was kept and a reminder of it."""
    first = makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY, case=f"{number}")
    makers.a_commitment(due_at=NOON + 3 * HOUR)
    makers.a_commitment(due_at=NOON + HOUR, keep_by="phone")
    waiting = makers.a_commitment(due_at=NOON + 2 * DAY)
    services.wait(waiting.pk, by=makers.ana(), what="a photo", now=NOON)
    kept = makers.a_commitment(now=NOON - HOUR)
    services.fulfil(kept.pk, by=makers.ana(), how="Sent", now=NOON)
    services.update(first.pk, by=makers.ana(), words="Soon", tell_customer=True, now=NOON)
    InboxItem.objects.create(user=makers.ana(), about=first.about, title="Due", created_at=NOON)
    return first


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/promises/mine/", 9),
        ("/promises/mine/?show=overdue,done", 10),
        ("/promises/{promise}/", 9),
        ("/promises/", 10),
        ("/promises/?sort=-due", 10),
        ("/promises/?owner={owner}", 11),
        ("/customers/{customer}/", 12),
        ("/team/", 13),
        ("/calls/", 9),
        ("/reminders/", 12),
    ],
)
def test_a_page_asks_as_much_for_many_promises_as_for_a_few(address: str, most: int) -> None:
    client = pages.signed_in(makers.ana())
    first = one_of_each(0)
    address = address.format(
        promise=first.reference, customer=first.customer_id, owner=first.owner_id
    )

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    asked()  # SQLite is asked once in a process what it can do
    few = asked()
    for number in range(1, 8):
        one_of_each(number)

    assert (few, asked()) == (most, most)
