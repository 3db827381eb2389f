from __future__ import annotations

import pytest

from commitments import reports, services
from commitments.models import Commitment
from commitments.reports import Ended
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


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
