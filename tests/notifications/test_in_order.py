"""What a program asked for reaches it in order, promise by promise, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import delivery
from notifications.delivery import audit, turns
from notifications.envelope import Message
from notifications.models import Delivery, Endpoint, State
from tests import http
from tests.http import says
from tests.notifications.endpoints import an_endpoint, to_endpoint
from tests.notifications.makers import HOUR, MINUTE, NOON, queue, states, the_delivery

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECOND = timedelta(seconds=1)


def happened(endpoint: Endpoint, event_id: int, *, promise: int = 7) -> Message:
    return to_endpoint(
        endpoint,
        f"event:{event_id}:{endpoint.pk}",
        about=f"events_of:{promise}",
        event_id=event_id,
        template="webhook_event",
        context={"type": "promise.moved", "event": event_id},
    )


def heard(far_end: http.Sink) -> Sequence[int]:
    return [request.json["data"]["event"] for request in far_end.seen]


def test_they_come_in_the_order_in_which_they_happened(far_end: http.Sink, desk: Endpoint):
    queue(*(happened(desk, number) for number in (10, 9, 11)))

    delivery.run(NOON)

    assert heard(far_end) == [9, 10, 11]
    assert states() == {"sent": 3}


def test_what_comes_later_waits_until_the_earlier_was_taken(
    far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    far_end.script = [says(404)]
    queue(happened(desk, 1), happened(desk, 2), happened(desk, 5, promise=8))

    delivery.run(NOON)
    again_at = the_delivery(f"event:1:{desk.pk}").attempt_at
    assert heard(far_end) == [1, 5]
    assert again_at is not None
    assert the_delivery(f"event:2:{desk.pk}").attempt_at == again_at
    delivery.run(NOON + SECOND)
    assert heard(far_end) == [1, 5]
    delivery.run(again_at)

    assert heard(far_end) == [1, 5, 1, 2]
    assert states() == {"sent": 3}


def test_what_was_refused_for_good_holds_up_nothing_any_more(
    far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    far_end.script = [says(404)] * 3
    queue(happened(desk, 1), happened(desk, 2))

    for at in (NOON, NOON + MINUTE, NOON + HOUR):
        delivery.run(at)

    assert heard(far_end) == [1, 1, 1, 2]
    assert states() == {"failed": 1, "sent": 1}


def test_what_grew_too_old_holds_up_nothing_any_more(far_end: http.Sink, desk: Endpoint):
    queue(happened(desk, 1), happened(desk, 2))
    Delivery.objects.filter(event_id=1).update(expires_at=NOON)

    delivery.run(NOON)

    assert heard(far_end) == [2]
    assert states() == {"expired": 1, "sent": 1}


def test_what_is_under_way_holds_up_what_follows_it(far_end: http.Sink, desk: Endpoint):
    queue(happened(desk, 1), happened(desk, 2))

    first = turns.claim([desk.address], limit=10, now=NOON)
    second = turns.claim([desk.address], limit=10, now=NOON)

    assert [row.event_id for row in first] == [1]
    assert second == []


def test_after_a_sender_that_died_nothing_is_overtaken(
    far_end: http.Sink, desk: Endpoint, freeze_round: None
):
    queue(happened(desk, 1), happened(desk, 2))
    turns.claim([desk.address], limit=10, now=NOON)  # and not a word from it

    delivery.run(NOON + SECOND)
    assert the_delivery(f"event:2:{desk.pk}").attempt_at == NOON + 6 * SECOND
    delivery.run(NOON + 6 * SECOND)
    delivery.run(NOON + 100 * SECOND)
    assert heard(far_end) == []
    assert list(audit.broken(NOON + 110 * SECOND)) == []
    delivery.run(NOON + 121 * SECOND)

    assert heard(far_end) == [1, 2]


def test_other_promises_and_other_programs_do_not_wait(far_end: http.Sink, desk: Endpoint):
    shop = an_endpoint(far_end.url, "Shop")
    far_end.script = [says(404)]
    queue(happened(desk, 1))
    queue(happened(desk, 2), happened(desk, 3, promise=8), happened(shop, 2))

    delivery.run(NOON)

    assert sorted(heard(far_end)) == [1, 2, 3]
    assert Delivery.objects.get(address=desk.address, event_id=2).state == State.QUEUED


def test_steps_of_a_ladder_do_not_wait_for_it(far_end: http.Sink, desk: Endpoint):
    far_end.script = [says(404)]
    step = to_endpoint(desk, "7:1:2:0", about="commitment:7", event_id=2)
    queue(happened(desk, 1))
    queue(step)

    delivery.run(NOON)

    assert the_delivery("7:1:2:0").state == State.SENT


def test_a_claim_takes_as_many_statements_for_long_lines_as_for_short(
    desk: Endpoint, settings: LazySettings
):
    def statements(length: int) -> int:
        queue(*(happened(desk, number) for number in range(1, length)))
        with CaptureQueriesContext(connection) as captured:
            turns.claim([desk.address], limit=50, now=NOON)
            turns.fall_back([desk.address], now=NOON)
        Delivery.objects.all().delete()
        return len(captured)

    assert statements(2) == statements(80)


@pytest.mark.postgresql
def test_each_row_asks_an_index_whether_something_comes_before_it(desk: Endpoint):
    queue(*(happened(desk, number, promise=number % 100) for number in range(2_000)))
    with CaptureQueriesContext(connection) as captured:
        turns.claim([desk.address], limit=50, now=NOON)
    [claim] = [query["sql"] for query in captured if "SKIP LOCKED" in query["sql"]]

    with connection.cursor() as cursor:
        cursor.execute("analyze notifications_delivery")
        cursor.execute(f"explain {claim}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "delivery_in_line" in plan
    assert "Join" not in plan


@pytest.mark.postgresql
def test_a_claim_reads_what_is_due_and_nothing_of_what_was(desk: Endpoint):
    queue(*(happened(desk, number, promise=number % 100) for number in range(2_000)))
    with connection.cursor() as cursor:
        cursor.execute(
            "update notifications_delivery"
            " set attempt_at = null, state = 'sent', settled_at = not_before"
        )
    queue(*(happened(desk, number, promise=number) for number in range(3_000, 3_500)))
    with CaptureQueriesContext(connection) as captured:
        turns.claim([desk.address], limit=50, now=NOON)
    asked = [each["sql"] for each in captured]
    [room] = [sql for sql in asked if "COUNT" in sql]
    [claim] = [sql for sql in asked if "SKIP LOCKED" in sql]

    with connection.cursor() as cursor:
        cursor.execute("analyze notifications_delivery")
        cursor.execute("set local enable_seqscan = off")
        plans = []
        for sql in (room, claim):
            cursor.execute(f"explain {sql}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))

    assert ["delivery_claim" in plan for plan in plans] == [True, True]
    assert not any("delivery_to_a_program" in plan for plan in plans)
