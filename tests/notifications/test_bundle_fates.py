"""What becomes of a bundle, and of each message in it: refused, withdrawn, lost, sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications import delivery, outbox
from notifications.delivery import leases, preparing, results
from notifications.envelope import Bounce, DeliveryError, Recipient
from notifications.models import Attempt, Delivery, Suppression
from tests.notifications.bundles import a_few, claim, mark, text_of, the_bundle
from tests.notifications.makers import (
    HOUR,
    MINUTE,
    NOON,
    Agreeable,
    ana,
    queue,
    states,
    the_delivery,
    to_ana,
)
from tests.smtp import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LEASE = timedelta(seconds=120)


# --- who is not to read it any more


def test_what_its_subject_refuses_is_left_out(sink: Sink, subject: Agreeable):
    a_few(3)
    subject.now_at = {"2": None}

    delivery.run(NOON)

    assert sink.accepted[0].message["Subject"] == "2 things about your promises"
    assert "kettle 2" not in text_of(sink.accepted[0])
    assert (the_delivery("2").state, the_delivery("2").bundle) == ("cancelled", None)


def test_what_has_expired_while_the_bundle_waited_is_left_out_and_told(
    sink: Sink, subject: Agreeable
):
    a_few(2, expires_at=NOON + HOUR)
    queue(to_ana("old", expires_at=NOON + MINUTE))
    claim()

    delivery.run(NOON + LEASE)

    assert sink.accepted[0].message["Subject"] == "2 things about your promises"
    assert the_delivery("old").state == "expired"
    assert subject.told == [("old", "expired")]


def test_the_last_one_left_goes_as_itself(sink: Sink, subject: Agreeable):
    a_few(2)
    subject.now_at = {"2": None}

    delivery.run(NOON)

    [mail] = sink.accepted
    assert mail.message["Subject"] == "Ana, about kettle 1"
    assert (the_delivery("1").state, the_delivery("1").bundle) == ("sent", None)
    assert (the_bundle().state, the_bundle().attempt_at) == ("cancelled", None)


def test_a_bundle_with_nothing_left_in_it_is_not_sent(sink: Sink, subject: Agreeable):
    a_few(2)
    subject.now_at = {"1": None, "2": None}

    delivery.run(NOON)

    assert (sink.accepted, states()) == ([], {"cancelled": 3})


def test_it_goes_to_the_current_address(sink: Sink, subject: Agreeable):
    a_few(2)
    subject.now_at = {"1": Recipient("ana@new.example"), "2": Recipient("ana@new.example")}

    delivery.run(NOON)

    assert sink.recipients == ["ana@new.example"]
    assert the_bundle().address == "ana@new.example"


def test_a_closed_address_gets_no_bundle_either(sink: Sink, subject: Agreeable):
    a_few(2)
    Suppression.objects.create(
        channel="email", address="ana@larkfield.example", since=NOON, cause="It bounced."
    )

    delivery.run(NOON)

    assert (sink.accepted, the_bundle().state) == ([], "suppressed")
    assert subject.told == [("1", "suppressed"), ("2", "suppressed")]


# --- withdrawn


def withdraw(number: int) -> int:
    return outbox.withdraw(about=[f"commitment:{number}"], reason="It was kept.", now=NOON)


def test_what_is_withdrawn_before_the_marker_is_not_in_the_bundle(sink: Sink):
    a_few(3)
    [bundle] = claim()
    [(_, compose)], _ = preparing.sort_out([bundle], now=NOON)

    assert withdraw(2) == 1

    assert leases.exchange([], [(bundle, compose())], now=NOON) == set()
    delivery.run(NOON)
    assert sink.accepted[0].message["Subject"] == "2 things about your promises"
    assert "kettle 2" not in text_of(sink.accepted[0])
    assert (the_delivery("2").state, the_delivery("2").reason) == ("cancelled", "It was kept.")


def test_what_is_withdrawn_while_the_bundle_waits_for_another_try_is_left_out(sink: Sink):
    a_few(3)
    [bundle] = claim()
    leases.record(results.postponed(bundle, DeliveryError("Busy."), at=NOON))

    assert withdraw(2) == 1
    delivery.run(NOON)
    assert sink.accepted == []
    delivery.run(NOON + 2 * MINUTE)

    assert "kettle 2" not in text_of(sink.accepted[0])


def test_after_the_marker_it_is_too_late_to_withdraw():
    a_few(2)
    [bundle] = claim()
    assert mark(bundle)

    assert withdraw(1) == 0

    assert (the_delivery("1").state, the_bundle().phase) == ("bundled", "final")


def test_what_was_sent_in_a_bundle_cannot_be_withdrawn(sink: Sink):
    a_few(2)
    delivery.run(NOON)

    assert withdraw(1) == 0

    assert states() == {"sent": 1, "bundled": 2}


def test_a_withdrawal_that_is_taken_back_brings_a_member_back(sink: Sink):
    a_few(2)
    claim()
    withdraw(1)

    outbox.restore(about=["commitment:1"], withdrawn_at=NOON, except_event=0, now=NOON)
    delivery.run(NOON + MINUTE)

    assert sorted(mail.message["Subject"] for mail in sink.accepted) == [
        "Ana, about kettle 1",
        "Ana, about kettle 2",
    ]


def test_who_leaves_takes_back_every_message_to_them(sink: Sink):
    a_few(3)
    claim()

    assert outbox.withdraw(person_id=ana().pk, audience="staff", reason="", now=NOON) == 3
    delivery.run(NOON)

    assert (sink.accepted, states()) == ([], {"cancelled": 4})


# --- what becomes of it


def test_a_bundle_that_is_refused_is_told_for_each_and_stands_once_on_the_page(
    sink: Sink, subject: Agreeable
):
    a_few(2, address="nobody")

    delivery.run(NOON)

    assert [row.template for row in Delivery.objects.needing_attention()] == ["bundle"]
    assert subject.told == [("1", "failed"), ("2", "failed")]
    assert [each.state for each in outbox.deliveries_about(["commitment:1"])] == ["failed"]


def test_a_bundle_that_came_back_is_told_for_each(sink: Sink, subject: Agreeable):
    a_few(2)
    delivery.run(NOON)

    assert outbox.bounced(
        the_bundle().pk, kind=Bounce.HARD, reason="No such user.", at=NOON, now=NOON + HOUR
    )

    assert subject.told == [("1", "bounced"), ("2", "bounced")]
    assert [each.state for each in outbox.deliveries_about(["commitment:1"])] == ["failed"]
    assert [row.template for row in Delivery.objects.needing_attention()] == ["bundle"]


def test_a_bundle_that_waits_can_be_read_beforehand():
    a_few(2)
    [bundle] = claim()

    words = preparing.words_of(bundle)

    assert words.subject == "2 things about your promises"
    assert "kettle 2" in words.text


def test_a_bundle_that_may_have_arrived_is_sent_once_more(sink: Sink, subject: Agreeable):
    a_few(2)
    mark(claim()[0])

    delivery.run(NOON + LEASE)
    queue(to_ana("3"), now=NOON + LEASE)
    delivery.run(NOON + LEASE + 16 * MINUTE)

    repeat = next(mail.message for mail in sink.accepted if mail.message["X-Possible-Repeat"])
    assert repeat["Subject"] == "2 things about your promises"
    assert [each.state for each in outbox.deliveries_about(["commitment:1"])] == ["bundled"]
    assert subject.told == []


def test_what_is_withdrawn_from_a_bundle_that_may_have_arrived_is_not_sent_again(sink: Sink):
    a_few(2)
    mark(claim()[0])
    delivery.run(NOON + LEASE)

    withdraw(1)
    delivery.run(NOON + LEASE + 16 * MINUTE)

    [repeat] = sink.accepted
    assert repeat.message["Subject"] == "1 thing about your promises"
    assert "kettle 1" not in text_of(repeat)
    assert the_delivery("1").state == "uncertain"


def test_a_bundle_lost_twice_is_told_for_each(subject: Agreeable, sink: Sink):
    a_few(2)
    mark(claim()[0])
    delivery.run(NOON + LEASE)
    later = NOON + LEASE + 16 * MINUTE
    mark(claim(later)[0], later)

    delivery.run(later + LEASE)

    assert subject.told == [("1", "uncertain"), ("2", "uncertain")]
    assert (the_bundle().state, the_bundle().attempt_at) == ("uncertain", None)


def test_a_bundle_expires_with_the_last_of_its_members(sink: Sink, subject: Agreeable):
    a_few(1, expires_at=NOON + HOUR)
    queue(to_ana("2", expires_at=NOON + MINUTE))
    claim()

    delivery.run(NOON + HOUR)

    assert (the_bundle().state, sink.accepted) == ("expired", [])
    assert sorted(subject.told) == [("1", "expired"), ("2", "expired")]


def test_what_comes_due_while_a_bundle_waits_makes_another(sink: Sink):
    a_few(2)
    claim()
    queue(to_ana("3"), to_ana("4"))

    delivery.run(NOON)

    assert sink.accepted[0].message["Subject"] == "2 things about your promises"
    assert the_delivery("3").bundle != the_delivery("1").bundle


def test_a_bundle_sent_again_by_a_person_carries_the_same_messages(sink: Sink):
    a_few(2, address="nobody", expires_at=NOON + HOUR)
    delivery.run(NOON)
    first = the_bundle()
    Delivery.objects.update(address="ana@larkfield.example")

    key = outbox.resend(first.pk, now=NOON + 30 * HOUR)
    delivery.run(NOON + 30 * HOUR)

    assert key == f"{first.key}:again-1"
    assert sink.accepted[0].message["Subject"] == "2 things about your promises"
    assert the_delivery("1").bundle == the_delivery(key)


def test_a_poisoned_message_leaves_the_bundle_and_fails_alone(sink: Sink):
    a_few(2)
    queue(to_ana("poison", template="poison"), now=NOON - HOUR)

    delivery.run(NOON)
    assert sink.accepted[0].message["Subject"] == "2 things about your promises"
    delivery.run(NOON + 2 * MINUTE)
    delivery.run(NOON + 9 * MINUTE)
    delivery.run(NOON + HOUR)

    assert (the_delivery("poison").state, the_delivery("poison").bundle) == ("failed", None)
    assert states() == {"sent": 1, "bundled": 2, "failed": 1}


def test_a_message_its_subject_raises_for_leaves_the_bundle(sink: Sink, subject: Agreeable):
    a_few(3)
    subject.raises_for = "2"

    delivery.run(NOON)

    assert sink.accepted[0].message["Subject"] == "2 things about your promises"
    assert the_delivery("2").reason == "KeyError: '2'"


def test_a_member_was_never_attempted_and_its_bundle_was_once(sink: Sink):
    a_few(3)

    delivery.run(NOON)

    [tried] = Attempt.objects.all()
    assert (tried.delivery, tried.ending) == (the_bundle(), "accepted")
