"""No room left in SQLite: what was acknowledged stays, and work goes on when there is. F27."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection

from commitments.models import Commitment
from notifications import delivery
from notifications.models import Delivery
from tests.makers import HOUR, NOON, a_commitment, a_team, events_of
from tests.smtp import Sink
from tests.smtp import sink as a_mail_server

pytestmark = [pytest.mark.faults]


@pytest.fixture
def mails(settings) -> Iterator[Sink]:
    with a_mail_server() as far_end:
        settings.EMAIL_URL = far_end.url
        yield far_end


@pytest.fixture
def full() -> Iterator[None]:
    """The file may not grow by a page, until the test is over or says so."""
    with connection.cursor() as cursor:
        cursor.execute("pragma page_count")
        [pages] = cursor.fetchone()
        cursor.execute(f"pragma max_page_count = {pages}")
    yield
    _grow()


def _make_until_it_is_full() -> int:
    """How many promises were acknowledged before the first that was refused."""
    made = 0
    while made < 500:
        try:
            a_commitment(case=str(made + 3), summary=True)
        except DatabaseError:
            return made
        made += 1
    raise AssertionError("it never was full")


def _grow() -> None:
    with connection.cursor() as cursor:
        cursor.execute("pragma max_page_count = 4294967294")


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite: in the run on SQLite")
def test_f27_a_full_sqlite_refuses_and_goes_on_when_there_is_room(request, mails: Sink):
    """F27: whatever was committed before is whole, and is delivered afterwards."""
    a_team()
    before = [a_commitment(case=str(number), summary=True) for number in range(3)]
    request.getfixturevalue("full")

    acknowledged = _make_until_it_is_full()
    count = Commitment.objects.count()
    assert count == 3 + acknowledged
    _grow()
    a_commitment(case="after", summary=True)
    delivery.run(NOON + HOUR)

    with connection.cursor() as cursor:
        cursor.execute("pragma integrity_check")
        assert cursor.fetchone() == ("ok",)
    assert [events_of(one)[0] for one in before] == ["made"] * 3
    sent = Delivery.objects.filter(audience="customer", state="sent").count()
    assert sent == len(mails.accepted) == count + 1
