"""Two entries of one customer become one, and nothing is asked or told twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from commitments import checkins, messages, services
from commitments.checkins import Reply
from commitments.models import (
    CheckIn,
    CheckInItem,
    Commitment,
    Conversation,
    Customer,
    Event,
    User,
)
from commitments.rules.lifecycle import IllegalMoveError
from commitments.services import undoing
from notifications import delivery
from notifications.models import Delivery
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    ana,
    events_of,
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = NOON + HOUR


def thomas(**fields: Any) -> Customer:
    """Tom once more, entered by another name."""
    usual = {"name": "Thomas Okafor", "email": "thomas@work.example", "phone": "0100"}
    return Customer.objects.create(**(usual | fields))


def merged(gone: Customer, kept: Customer, by: User | None = None) -> Customer:
    return services.merge(gone.pk, into_id=kept.pk, by=by or ana(), now=LATER)


def both_known() -> tuple[Customer, Customer]:
    """Thomas, who is to go, and Tom, each promised something."""
    gone = thomas()
    a_commitment(customer=gone, case="2")
    a_commitment(customer=tom())
    return gone, tom()


def everything() -> list[object]:
    kept = (Customer, Conversation, Commitment, CheckIn, CheckInItem, Event, Delivery)
    return [list(model.objects.order_by("pk").values()) for model in kept]


def kept_promise(customer: Customer, **fields: Any) -> Commitment:
    made = a_commitment(customer=customer, now=NOON - DAY, due_at=NOON + 5 * HOUR, **fields)
    return services.fulfil(made.pk, by=ana(), how="Sent.", now=NOON - DAY + HOUR)


def test_of_two_check_ins_one_is_left_on_the_later_day():
    gone = thomas()
    theirs, ours = kept_promise(gone, case="2"), kept_promise(tom())
    planned = CheckIn.objects.get(customer=gone)
    CheckIn.objects.filter(pk=planned.pk).update(send_at=planned.send_at + DAY)

    merged(gone, tom())

    (left,) = CheckIn.objects.pending()
    assert left.customer == tom()
    assert left.send_at == planned.send_at + DAY
    assert {item.commitment_id for item in left.items.all()} == {theirs.pk, ours.pk}
    planned.refresh_from_db()
    assert (planned.state, planned.customer) == ("dropped", tom())


def test_what_is_held_stays_held():
    gone = thomas()
    kept_promise(gone, case="2")
    kept_promise(tom())
    CheckIn.objects.filter(customer=gone).update(state="held", hold_reason=checkins.STALE)

    merged(gone, tom())

    (left,) = CheckIn.objects.pending()
    assert (left.state, left.hold_reason) == ("held", checkins.STALE)


@pytest.mark.parametrize("whose", ["gone", "kept"])
def test_a_check_in_that_only_one_has_follows(whose):
    gone = thomas()
    a_commitment(customer=gone if whose == "kept" else tom(), case="8")
    kept_promise(gone if whose == "gone" else tom(), case="2")

    merged(gone, tom())

    assert CheckIn.objects.pending().get().customer == tom()


def test_who_was_asked_as_one_is_not_asked_again_as_the_other():
    gone = thomas()
    theirs, ours = kept_promise(gone, case="2"), kept_promise(tom())
    checkins.send_by_hand(theirs.pk, by=ana(), now=LATER)

    merged(gone, tom())

    assert "asked only a few days ago" in checkins.refusal(ours, zone="UTC", now=LATER + HOUR)


def test_an_answer_to_what_was_sent_before_still_counts():
    gone = thomas()
    theirs = kept_promise(gone, case="2")
    kept_promise(tom())
    checkins.send_by_hand(theirs.pk, by=ana(), now=LATER)
    sent = CheckIn.objects.get(state="sent")
    merged(gone, tom())

    reply = Reply(done="no", still_open=True, rating=2, words="Not yet.", browser_key="b")
    answered = checkins.answer(sent.pk, reply, now=LATER + HOUR)

    assert answered.follow_up is not None
    assert answered.follow_up.customer == tom()


def test_who_stopped_our_mails_has_stopped_them():
    gone, kept = both_known()
    Customer.objects.filter(pk=gone.pk).update(stopped_at=NOON - DAY)
    Customer.objects.filter(pk=kept.pk).update(
        stopped_at=NOON - 3 * DAY, mails_wanted_at=NOON - 2 * DAY
    )

    answer = merged(gone, kept)

    assert answer.has_stopped(LATER)
    assert not answer.wants_what_matters


@pytest.mark.parametrize(("gones", "kepts", "opens"), [(1, 1, True), (2, 1, True), (1, 2, False)])
def test_a_link_opens_no_more_than_before(gones, kepts, opens):
    gone, kept = both_known()
    talk = Conversation.objects.select_related("customer").get(customer=gone)
    Customer.objects.filter(pk=gone.pk).update(link_version=gones)
    Customer.objects.filter(pk=kept.pk).update(link_version=kepts)
    revoked = {f"{version}.1" for version in range(1, gones)}

    merged(gone, kept)

    talk = Conversation.objects.select_related("customer").get(pk=talk.pk)
    now = messages.link_version(talk.customer, talk)
    assert (now == f"{gones}.1") is opens
    assert now not in revoked


def test_what_lay_ready_is_sent_to_the_address_that_stays_and_its_history_stays():
    gone, kept = both_known()
    theirs = Commitment.objects.get(customer=gone)
    ready = Delivery.objects.get(about=theirs.about, audience="customer")

    services.merge(gone.pk, into_id=kept.pk, by=ana(), now=NOON + timedelta(seconds=5))
    delivery.run(NOON + MINUTE)

    ready.refresh_from_db()
    assert (ready.state, ready.address) == ("sent", "tom@customers.example")
    assert events_of(theirs)[-1] == "message_sent"


def test_it_cannot_be_undone_and_nothing_before_it():
    gone, kept = both_known()
    theirs = Commitment.objects.get(customer=gone)
    merged(gone, kept)

    for event in theirs.events.all():
        assert not undoing.may_still_be(event, now=LATER) or event.kind != "customer_merged"
        with pytest.raises(IllegalMoveError):
            services.undo(event.pk, by=ana(), now=LATER)
