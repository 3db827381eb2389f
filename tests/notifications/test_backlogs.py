"""A program that is away for days, with all that waits for it, is no work for anybody."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from notifications import delivery
from notifications.channels import endpoints
from notifications.models import Delivery, Endpoint
from tests import http
from tests.http import says
from tests.notifications.endpoints import an_endpoint, to_endpoint
from tests.notifications.makers import HOUR, MINUTE, NOON, queue, states

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def away() -> Endpoint:
    """It has taken nothing since midnight."""
    return an_endpoint("https://away.example/", "Away", failing_since=NOON - 12 * HOUR)


def due() -> Counter[datetime | None]:
    return Counter(Delivery.objects.values_list("attempt_at", flat=True))


def happened(endpoint: Endpoint, promise: int, event: int, **facts: object) -> None:
    queue(
        to_endpoint(
            endpoint,
            f"event:{event}",
            about=f"events_of:{promise}",
            event_id=event,
            template="webhook_event",
            **facts,
        )
    )


def test_one_is_tried_soon_and_those_behind_it_wait_longer(away: Endpoint):
    queue(*(to_endpoint(away, f"{number}") for number in range(30)))

    endpoints.failed(away, "no answer", now=NOON)

    assert due() == {NOON + 5 * MINUTE: 1, NOON + HOUR: 29}


def test_the_next_try_touches_none_of_those_that_wait(away: Endpoint):
    queue(*(to_endpoint(away, f"{number}") for number in range(30)))
    endpoints.failed(away, "no answer", now=NOON)
    Delivery.objects.filter(attempt_at=NOON + 5 * MINUTE).update(state="failed", attempt_at=None,
        settled_at=NOON)  # fmt: skip

    endpoints.failed(away, "no answer", now=NOON + 5 * MINUTE)

    assert due() == {None: 1, NOON + 10 * MINUTE: 1, NOON + HOUR: 28}


def test_what_follows_something_else_is_not_what_is_tried(away: Endpoint):
    happened(away, 7, 1)
    happened(away, 7, 2)
    happened(away, 8, 3)
    Delivery.objects.filter(event_id=1).update(attempts=6, attempt_at=NOON + 10 * HOUR)

    endpoints.failed(away, "no answer", now=NOON)

    tried = Delivery.objects.get(attempt_at=NOON + 5 * MINUTE)
    assert tried.event_id == 3


def test_what_is_not_to_go_out_yet_is_not_what_is_tried(away: Endpoint):
    queue(to_endpoint(away, "later", not_before=NOON + 2 * HOUR))

    endpoints.failed(away, "no answer", now=NOON)

    assert due() == {NOON + 2 * HOUR: 1}


def test_once_it_answers_all_of_it_goes_out(far_end: http.Sink, desk: Endpoint, freeze_round: None):
    Endpoint.objects.update(failing_since=NOON - 12 * HOUR)
    far_end.script = [says(500)]
    queue(*(to_endpoint(desk, f"{number}") for number in range(30)))

    delivery.run(NOON)
    assert len(far_end.seen) == 1
    delivery.run(NOON + 5 * MINUTE)
    delivery.run(NOON + 5 * MINUTE)

    assert states() == {"sent": 30}
