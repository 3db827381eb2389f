from __future__ import annotations

import pytest

from commitments import reports, services
from commitments.models import Commitment
from commitments.reports import Overdue
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def figures() -> Overdue:
    return reports.overdue(Commitment.objects.all(), now=NOON)


def test_nothing_is_counted_where_nothing_is_late() -> None:
    assert figures() == Overdue(
        overdue=0, not_told=0, customers_not_told=0, due_soon=0, due_soon_without_owner=0
    )


def test_the_late_the_silent_and_the_soon_are_told_apart() -> None:
    makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)
    makers.a_commitment(due_at=NOON - MINUTE, now=NOON - DAY)
    told = makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)
    Commitment.objects.filter(pk=told.pk).update(told_at=NOON - MINUTE)
    makers.a_commitment(due_at=NOON, now=NOON - DAY)
    makers.a_commitment(due_at=NOON + 4 * HOUR - MINUTE, owner_id=None)
    makers.a_commitment(due_at=NOON + 4 * HOUR)

    found = figures()

    assert found == Overdue(
        overdue=3, not_told=2, customers_not_told=1, due_soon=2, due_soon_without_owner=1
    )
    assert found.told == 1


def test_what_waits_on_the_customer_is_not_late() -> None:
    waiting = makers.a_commitment(due_at=NOON + MINUTE, now=NOON - DAY)
    services.wait(waiting.pk, by=makers.ana(), what="a photo", now=NOON)

    assert reports.overdue(Commitment.objects.all(), now=NOON + HOUR).overdue == 0
