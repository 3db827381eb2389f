from __future__ import annotations

from datetime import timedelta

import pytest

from notifications import delivery
from notifications.delivery import audit
from notifications.models import Attempt, Breaker, Delivery
from tests.notifications.makers import MINUTE, NOON, queue, the_delivery, to_ana, to_tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def found(at_minute: int = 0, *, paused: bool = False) -> list[str]:
    return [one.rule for one in audit.broken(NOON + at_minute * MINUTE, paused=paused)]


def test_what_went_well_breaks_nothing():
    queue(to_tom(), to_ana())
    delivery.run(NOON)
    queue(to_tom("2", not_before=NOON + 60 * MINUTE))

    assert found(60) == []


def test_a_row_that_is_due_too_long_is_found_unless_the_job_or_its_channel_rests():
    queue(to_tom())

    assert found(3) == []
    assert found(4) == ["due for more than three minutes"]
    assert found(4, paused=True) == []
    Breaker.objects.create(channel="email", opened_at=NOON, until=NOON + 9 * MINUTE)
    assert found(4) == []


def test_a_lease_nobody_took_up_is_found():
    queue(to_tom())
    Delivery.objects.update(state="leased", phase="final", attempt_at=NOON)

    assert found(1) == []
    assert found(2) == ["leased, and the lease ran out more than a minute ago"]


def test_a_second_acceptance_is_found_unless_the_first_was_uncertain():
    queue(to_tom())
    delivery.run(NOON)
    Delivery.objects.update(token=2)
    Attempt.objects.create(
        delivery=the_delivery(),
        token=2,
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=1),
        ending="accepted",
    )

    assert found() == ["accepted twice, and the first was not uncertain"]
    Delivery.objects.update(possible_repeat=True)
    assert found() == []


def test_a_sent_row_without_its_attempt_is_found():
    queue(to_tom())
    delivery.run(NOON)
    Attempt.objects.all().delete()

    assert found() == ["sent without an accepted attempt of its token"]


def test_a_token_that_went_back_is_found():
    queue(to_tom())
    delivery.run(NOON)
    Delivery.objects.update(token=0)

    assert "its token is behind that of an attempt" in found()
