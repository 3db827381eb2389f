from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from notifications import outbox
from notifications.models import Delivery, State
from tests.notifications.makers import (
    HOUR,
    MINUTE,
    NOON,
    Agreeable,
    in_anas_inbox,
    queue,
    the_delivery,
    to_ana,
    to_tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_message_is_queued_with_its_clock():
    assert queue(to_tom(urgent=True, event_id=3, not_before=NOON + 30 * MINUTE)) == 1

    kettle = the_delivery()
    assert (kettle.state, kettle.phase, kettle.token, kettle.attempts) == ("queued", "", 0, 0)
    assert kettle.attempt_at == kettle.not_before == NOON + 30 * MINUTE
    assert kettle.enqueued_at == NOON
    assert (kettle.urgent, kettle.event_id, kettle.context["what"]) == (True, 3, "a new kettle")


def test_the_same_reason_is_queued_once():
    assert queue(to_tom(), to_ana()) == 2

    assert queue(to_tom(context={"what": "something else"}), to_ana(), to_tom("2:tom:email")) == 1

    assert the_delivery().context["what"] == "a new kettle"


def test_a_customer_message_is_worded_at_once_and_a_staff_message_when_sent():
    queue(to_tom(), to_ana())

    assert the_delivery().subject == "Tom, about a new kettle"
    assert the_delivery().html.strip() == "<p>Hello Tom, we said: a new kettle.</p>"
    assert the_delivery("1:ana:email").subject == ""


def test_a_message_lives_as_long_as_its_audience_or_template_says(settings: LazySettings):
    settings.NOTIFICATIONS_EXPIRY = {"plain": 2 * HOUR}
    queue(to_tom("plain"), to_tom("own", expires_at=NOON + MINUTE))
    settings.NOTIFICATIONS_EXPIRY = {}
    queue(to_tom("customer"), to_ana("staff"))

    lives = {one.key: one.expires_at for one in Delivery.objects.all()}
    assert lives == {
        "plain": NOON + 2 * HOUR,
        "own": NOON + MINUTE,
        "customer": NOON + timedelta(hours=72),
        "staff": NOON + timedelta(hours=24),
    }


def test_what_is_overtaken_is_not_sent_again(subject: Agreeable):
    subject.overtaken = "Please call instead."
    queue(to_tom())
    Delivery.objects.update(state="expired", attempt_at=None, settled_at=NOON)

    with pytest.raises(outbox.Stale, match="Please call instead"):
        outbox.resend(the_delivery().pk, now=NOON)

    assert Delivery.objects.needing_attention().get() == the_delivery()
    Delivery.objects.update(state="failed")
    assert outbox.resend(the_delivery().pk, now=NOON) == "1:tom:email:again-1"


def test_many_are_queued_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries):
    messages = [to_tom(f"{number}:tom:email") for number in range(200)]

    with django_assert_num_queries(1):
        queue(*messages)


def test_nothing_to_queue_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries):
    with django_assert_num_queries(0):
        assert queue() == 0


def test_characters_no_database_keeps_are_left_out():
    queue(to_tom(name="Tom\0", context={"who": "T\0\ud800", "what": ["a\\u0000b", {"c": "\0"}]}))

    kettle = the_delivery()
    assert kettle.name == "Tom"
    assert kettle.context == {"who": "T?", "what": ["a\\u0000b", {"c": ""}]}


def test_withdrawing_cancels_what_is_queued_or_claimed_but_not_what_is_final():
    queue(to_tom("queued"), to_tom("claimed"), to_tom("final"), to_tom("other", about="x"))
    leased = Delivery.objects.filter(key="claimed")
    leased.update(state="leased", phase="claimed", token=1)
    Delivery.objects.filter(key="final").update(state="leased", phase="final", token=1)

    withdrawn = outbox.withdraw(about=["commitment:7"], reason="It was kept.", now=NOON)

    assert withdrawn == 2
    states = dict(Delivery.objects.values_list("key", "state"))
    assert states == {
        "queued": "cancelled",
        "claimed": "cancelled",
        "final": "leased",
        "other": "queued",
    }
    claimed = the_delivery("claimed")
    assert (claimed.attempt_at, claimed.phase) == (None, "")
    assert (claimed.settled_at, claimed.reason) == (NOON, "It was kept.")


def test_every_filter_of_a_withdrawal_must_fit():
    anas = to_ana("1", event_id=1)
    queue(anas, to_ana("2", event_id=2), to_tom("3", event_id=1))

    def withdraw(**filters: object) -> int:
        return outbox.withdraw(**filters, reason="", now=NOON)  # type: ignore[arg-type]

    assert withdraw(event_ids=[1], audience="staff") == 1
    assert withdraw(person_id=anas.person_id, about=["commitment:8"]) == 0
    assert withdraw(person_id=anas.person_id) == 1
    assert withdraw(about=["commitment:7"], audience="customer") == 1


def test_what_was_withdrawn_is_restored_but_for_what_followed_from_that_event():
    queue(to_tom(), to_ana(event_id=3), to_ana("earlier", not_before=NOON + HOUR))
    outbox.withdraw(about=["commitment:7"], reason="It was kept.", now=NOON)
    queue(to_tom("later"))
    outbox.withdraw(about=["commitment:7"], reason="Undone.", now=NOON + MINUTE)

    restored = outbox.restore(
        about=["commitment:7"], withdrawn_at=NOON, except_event=3, now=NOON + MINUTE
    )

    assert restored == 2
    assert (the_delivery().state, the_delivery().attempt_at) == ("queued", NOON + MINUTE)
    assert the_delivery("earlier").attempt_at == NOON + HOUR
    assert {the_delivery(key).state for key in ("later", "1:ana:email")} == {"cancelled"}


def test_a_withdrawal_without_filters_is_refused():
    queue(to_tom())

    with pytest.raises(ValueError, match="Say what to withdraw"):
        outbox.withdraw(reason="", now=NOON)

    assert the_delivery().state == State.QUEUED


def test_withdrawing_an_uncertain_message_only_calls_off_its_further_send():
    queue(to_ana())
    Delivery.objects.update(state="uncertain", settled_at=NOON, attempt_at=NOON + 15 * MINUTE)

    assert outbox.withdraw(about=["commitment:7"], reason="It was kept.", now=NOON) == 0

    assert (the_delivery("1:ana:email").state, the_delivery("1:ana:email").attempt_at) == (
        "uncertain",
        None,
    )


def test_a_failed_message_is_sent_again_under_a_key_of_its_own():
    queue(to_tom())
    Delivery.objects.update(state="failed", attempt_at=None, settled_at=NOON)

    first = outbox.resend(the_delivery().pk, now=NOON + HOUR)
    Delivery.objects.filter(key=first).update(state="failed", attempt_at=None, settled_at=NOON)
    second = outbox.resend(the_delivery(first).pk, now=NOON + 2 * HOUR)

    assert (first, second) == ("1:tom:email:again-1", "1:tom:email:again-2")
    again = the_delivery(second)
    assert (again.text, again.state) == (the_delivery().text, "queued")
    assert again.not_before == again.attempt_at == NOON + 2 * HOUR
    assert not again.possible_repeat
    assert list(Delivery.objects.needing_attention()) == []


def test_a_message_sent_again_that_may_have_arrived_says_so():
    queue(to_tom())
    Delivery.objects.update(state="uncertain", attempt_at=None, settled_at=NOON)

    key = outbox.resend(the_delivery().pk, now=NOON)

    assert the_delivery(key).possible_repeat


def test_a_message_on_its_way_is_not_sent_again():
    queue(to_tom())

    with pytest.raises(outbox.StillUnderWay):
        outbox.resend(the_delivery().pk, now=NOON)

    assert Delivery.objects.count() == 1


def test_the_deliveries_about_a_subject_are_told_oldest_first():
    queue(to_tom("1"))
    queue(in_anas_inbox("0"), to_tom("x", about="commitment:8"))

    told = outbox.deliveries_about(["commitment:7"])

    assert [(one.key, one.audience, one.state) for one in told] == [
        ("1", "customer", "queued"),
        ("0", "staff", "queued"),
    ]
    assert told[0].text == "Hello Tom,\n\nwe said: a new kettle.\n"


@pytest.mark.postgresql
def test_the_claim_walks_its_own_index():
    queue(*(to_tom(f"{number}") for number in range(500)))
    with connection.cursor() as cursor:
        cursor.execute("analyze notifications_delivery")
        cursor.execute("set local enable_seqscan = off")

    plan = Delivery.objects.due("email", NOON)[:20].explain()

    assert "delivery_claim" in plan
    assert "Sort" not in plan
