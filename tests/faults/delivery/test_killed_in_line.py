"""Senders that are killed while they tell programs what happened: all of it arrives, in order."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

import pytest
from django.conf import LazySettings

from notifications import delivery
from notifications.models import Endpoint
from tests import http
from tests.notifications import sender
from tests.notifications.conftest import desk, far_end
from tests.notifications.endpoints import to_endpoint
from tests.notifications.makers import MINUTE, NOON, queue, states

__all__ = ["desk", "far_end"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.both_databases,
]

LEASE = timedelta(seconds=130)  # and a little, for the sender's own clock went on


@pytest.mark.parametrize("step", ["T3.post", "T4.post", "T5.pre"])
def test_what_a_killed_sender_had_in_hand_is_not_overtaken(
    step: str, far_end: http.Sink, desk: Endpoint, settings: LazySettings
):
    happened = [(promise, number) for number in range(1, 5) for promise in (7, 8)]
    queue(
        *(
            to_endpoint(
                desk,
                f"event:{promise}{number}:{desk.pk}",
                about=f"events_of:{promise}",
                event_id=10 * promise + number,
                template="webhook_event",
                context={"type": "promise.moved", "promise": promise, "event": number},
            )
            for promise, number in happened
        )
    )

    sender.crash(
        step,
        email_url="",
        SECRET_KEY=settings.SECRET_KEY,
        WEBHOOK_PORTS=str(far_end.port),
        WEBHOOK_ALLOW_PRIVATE="127.0.0.0/8",
    )
    for minutes in (0, 1, 10):
        delivery.run(NOON + LEASE + minutes * MINUTE)

    assert states() == {"sent": 8}
    for promise in (7, 8):
        told = [request.json for request in far_end.seen]
        heard = [said["data"]["event"] for said in told if said["data"]["promise"] == promise]
        assert [number for number, _ in groupby(heard)] == [1, 2, 3, 4]
    ids = {(said["id"], said["data"]["promise"], said["data"]["event"]) for said in told}
    assert len(ids) == 8
