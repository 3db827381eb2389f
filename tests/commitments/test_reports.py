from __future__ import annotations

import pytest

from commitments import reports, services
from commitments.models import Commitment
from commitments.reports import Ended, Overdue
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


def test_what_was_attempted_stands_beside_the_outcomes_and_is_not_kept() -> None:
    kept, late, tried = (
        makers.a_commitment(kind="callback", due_at=NOON + 2 * HOUR) for _ in range(3)
    )
    for minutes in (10, 20):
        services.attempt(
            tried.pk, by=makers.ana(), came_of_it="voicemail", now=NOON + minutes * MINUTE
        )
    for promise, at in ((kept, HOUR), (late, 3 * HOUR), (tried, 4 * HOUR)):
        services.fulfil(promise.pk, by=makers.ana(), how="Called", cause="too_much", now=NOON + at)

    found = reports.ended(Commitment.objects.all(), since=NOON)

    assert found == Ended(on_time=1, moved=0, late=2, broken=0, attempted=1)
    assert reports.ended(Commitment.objects.all(), since=NOON + DAY).late == 0


def test_a_callback_kept_after_it_was_attempted_is_simply_kept() -> None:
    promise = makers.a_commitment(kind="callback", due_at=NOON + 2 * HOUR)
    for minutes in (10, 20):
        services.attempt(
            promise.pk, by=makers.ana(), came_of_it="voicemail", now=NOON + minutes * MINUTE
        )
    services.fulfil(promise.pk, by=makers.ana(), how="Called", now=NOON + HOUR)

    found = reports.ended(Commitment.objects.all(), since=NOON)

    assert found == Ended(on_time=1, moved=0, late=0, broken=0, attempted=0)
