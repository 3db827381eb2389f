"""Which promises ask for somebody while they are away."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import leave, services
from tests.makers import DAY, HOUR, NOON, a_commitment, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MONDAY = NOON + 4 * DAY


def asking() -> list[tuple[str, bool]]:
    """What asks for Ana from Monday noon to Thursday noon, and whether it is due by then."""
    found = leave.touched(ana(), seen_by=ana(), starts_at=MONDAY, ends_at=MONDAY + 3 * DAY)
    return [(each.commitment.wording, each.is_due) for each in found]


def test_what_is_due_in_that_time_asks():
    a_commitment(due_at=MONDAY + DAY, wording="Within")
    a_commitment(due_at=MONDAY + 20 * DAY, wording="Long after")

    assert asking() == [("Within", True)]


def test_what_is_reminded_of_in_that_time_asks_though_it_is_due_later():
    a_commitment(due_at=MONDAY + 3 * DAY + HOUR, wording="Just after")

    assert asking() == [("Just after", False)]


def test_what_is_late_before_that_time_asks_still():
    a_commitment(due_at=NOON + HOUR, wording="Late")

    assert asking() == [("Late", True)]


def test_what_is_closed_or_of_others_asks_nobody():
    done = a_commitment(due_at=MONDAY + DAY, wording="Done")
    services.fulfil(done.pk, by=ana(), how="Sent.", now=NOON)
    a_commitment(due_at=MONDAY + DAY, owner_id=dev().pk)

    assert asking() == []


def test_the_first_to_ask_comes_first():
    a_commitment(due_at=MONDAY + 2 * DAY, wording="Second", case="1")
    a_commitment(due_at=MONDAY + DAY, wording="First", case="2")

    assert [wording for wording, _ in asking()] == ["First", "Second"]


def test_many_promises_ask_the_database_no_more_than_one():
    a_commitment(due_at=MONDAY + DAY, case="0")
    with CaptureQueriesContext(connection) as of_one:
        asking()
    for number in range(1, 30):
        a_commitment(due_at=MONDAY + DAY, case=str(number))

    with CaptureQueriesContext(connection) as of_many:
        found = asking()

    assert len(found) == 30
    assert len(of_many) == len(of_one)
