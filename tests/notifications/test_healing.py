"""Clocks that stand too far ahead, because the machine's own was set back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from notifications import delivery, lengths
from notifications.delivery import healing, leases
from notifications.models import Breaker, Delivery
from tests import smtp
from tests.notifications.makers import HOUR, NOON, queue, states, to_tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_they_are_looked_for_once_a_minute(sink: smtp.Sink):
    delivery.run(NOON)
    queue(to_tom())
    leases.claim("email", limit=1, now=NOON)
    Delivery.objects.update(attempt_at=NOON + HOUR)

    delivery.run(NOON + timedelta(seconds=59))
    assert states() == {"leased": 1}
    delivery.run(NOON + timedelta(seconds=60))

    assert states() == {"sent": 1}


def test_they_are_looked_for_at_once_where_time_has_gone_back(sink: smtp.Sink):
    delivery.run(NOON + HOUR)
    queue(to_tom())
    leases.claim("email", limit=1, now=NOON + HOUR)

    delivery.run(NOON)

    assert states() == {"sent": 1}


def test_a_lease_longer_than_any_wait_is_left_alone(settings: Settings):
    short = {"lease": HOUR, "retries": (timedelta(seconds=1),)}
    settings.NOTIFICATIONS_LENGTHS = {**settings.NOTIFICATIONS_LENGTHS, **short}
    queue(to_tom())
    leases.claim("email", limit=1, now=NOON)

    assert healing.heal(NOON + timedelta(seconds=1)) == 0
    assert states() == {"leased": 1}


def test_a_look_that_finds_nothing_writes_nothing():
    with CaptureQueriesContext(connection) as captured:
        assert healing.heal(NOON) == 0

    assert [query["sql"].split()[0] for query in captured] == ["SELECT", "SELECT"]


@pytest.mark.parametrize("who", ["email", "endpoint:7"])
def test_who_rests_longer_than_anybody_may_is_tried_at_once(who: str):
    Breaker.objects.create(channel=who, opened_at=NOON + 5 * HOUR, until=NOON + 6 * HOUR)

    assert healing.heal(NOON) == 1

    assert Breaker.objects.get().until == NOON


def test_the_longest_rest_is_left_alone():
    until = NOON + lengths.current().refused + timedelta(seconds=2)  # another's clock is ahead
    Breaker.objects.create(channel="email", opened_at=NOON, until=until, ours=True)

    assert healing.heal(NOON) == 0

    assert Breaker.objects.get().until == until
