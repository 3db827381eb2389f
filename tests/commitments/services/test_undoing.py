"""Thirty seconds in which the last thing done can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from commitments import agenda, checkins, messages, services, sweep
from commitments.models import CheckIn, Commitment
from commitments.rules.lifecycle import IllegalMoveError
from commitments.services import Told
from notifications import delivery
from notifications.models import Delivery, State
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, dev, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 5 * HOUR
AT = NOON + HOUR
SOON = AT + timedelta(seconds=29)

Verb = Callable[[Commitment], object]
VERBS: dict[str, Verb] = {
    "updated": lambda it: services.update(
        it.pk, by=ana(), words="Soon", tell_customer=True, now=AT
    ),
    "moved": lambda it: services.move(
        it.pk, by=ana(), due_at=NOON + DAY, reason="Later", told=Told.MESSAGE, now=AT
    ),
    "waited": lambda it: services.wait(it.pk, by=ana(), what="A photo", now=AT),
    "resumed": lambda it: services.resume(it.pk, by=ana(), now=AT),
    "reassigned": lambda it: services.reassign(it.pk, by=ana(), owner_id=dev().pk, now=AT),
    "fulfilled": lambda it: services.fulfil(it.pk, by=ana(), how="Sent", now=AT),
    "released": lambda it: services.release(it.pk, by=ana(), reason="Not wanted", now=AT),
    "abandoned": lambda it: services.abandon(
        it.pk, by=ana(), reason="Cannot", cause="outside", now=AT
    ),
}
# What says how often it was changed; all else comes back.
COUNTERS = {"revision", "event_count", "head_hash"}


def facts(commitment: Commitment) -> dict[str, object]:
    row = fresh(commitment)
    names = {field.attname for field in Commitment._meta.concrete_fields} - COUNTERS
    return {name: getattr(row, name) for name in names}


def in_mid_climb() -> Commitment:
    """A promise with something in every column that a climb fills."""
    kettle = fresh(a_commitment(due_at=DUE, summary=False))
    kettle.climbed, kettle.also_done, kettle.last_step = 1, [3], 1
    kettle.repetition, kettle.last_step_at, kettle.breached_again = 1, NOON + MINUTE, True
    kettle.acknowledged_by, kettle.acknowledged_until = dev(), DUE - HOUR
    agenda.settle(kettle, agenda.Terms.load(kettle))
    kettle.save()
    return kettle


def last(commitment: Commitment, kind: str) -> int:
    return commitment.events.filter(kind=kind).latest("sequence").pk


@pytest.mark.parametrize("kind", [kind for kind in VERBS if kind != "resumed"])
def test_undo_restores_every_fact_and_nothing_is_said(kind: str) -> None:
    kettle = in_mid_climb()
    before = facts(kettle)

    VERBS[kind](kettle)
    services.undo(last(kettle, kind), by=ana(), now=SOON)

    assert facts(kettle) == before
    assert fresh(kettle).revision >= 2
    customer = Delivery.objects.filter(audience="customer")
    assert {row.state for row in customer} <= {State.CANCELLED}
    assert not CheckIn.objects.pending().exists()


@pytest.mark.parametrize("kind", ["resumed", "moved", "fulfilled"])
def test_undo_brings_back_that_we_waited_on_the_customer(kind: str) -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON)
    before = facts(kettle)

    VERBS[kind](kettle)
    waited = fresh(kettle).customer_wait
    services.undo(last(kettle, kind), by=ana(), now=SOON)

    assert waited == HOUR
    assert facts(kettle) == before


@pytest.mark.parametrize("kind", ["moved", "waited", "reassigned", "fulfilled", "abandoned"])
def test_undo_lets_go_out_what_the_action_had_withdrawn(kind: str) -> None:
    kettle = a_commitment(due_at=AT + 2 * HOUR, summary=False)
    sweep.run(AT)

    VERBS[kind](kettle)
    services.undo(last(kettle, kind), by=ana(), now=SOON)
    delivery.run(SOON)

    reminders = Delivery.objects.filter(template="reminder")
    assert {row.channel: row.state for row in reminders} == {"email": "sent", "inbox": "sent"}
    assert not Delivery.objects.filter(audience="customer", state="sent").exists()


def test_undoing_a_resumption_asks_again_in_the_same_words() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=NOON)
    services.resume(kettle.pk, by=ana(), now=AT)

    services.undo(last(kettle, "resumed"), by=ana(), now=SOON)

    assert (fresh(kettle).status, fresh(kettle).waiting_for) == ("waiting", "A photo of the meter")


def test_an_undone_promise_is_void_and_no_mail_was_sent() -> None:
    kettle = a_commitment(due_at=DUE, now=AT)

    services.undo(last(kettle, "made"), by=ana(), now=SOON)
    delivery.run(SOON + HOUR)
    sweep.run(DUE + DAY)

    assert fresh(kettle).outcome == "void"
    assert events_of(kettle) == ["made", "undone"]
    assert Delivery.objects.get().state == State.CANCELLED


@pytest.mark.parametrize("late_by", [1, 3600])
def test_after_thirty_seconds_it_stays(late_by: int) -> None:
    kettle = a_commitment(due_at=DUE)
    VERBS["released"](kettle)
    too_late = AT + timedelta(seconds=30 + late_by)

    with pytest.raises(IllegalMoveError, match="too late"):
        services.undo(last(kettle, "released"), by=ana(), now=too_late)

    assert fresh(kettle).status == "released"


def test_only_its_actor_undoes_it() -> None:
    kettle = a_commitment(due_at=DUE)
    VERBS["released"](kettle)

    with pytest.raises(IllegalMoveError, match="cannot be undone"):
        services.undo(last(kettle, "released"), by=dev(), now=SOON)

    assert fresh(kettle).status == "released"


def test_what_something_else_followed_on_cannot_be_undone() -> None:
    kettle = a_commitment(due_at=DUE)
    VERBS["updated"](kettle)
    services.release(kettle.pk, by=dev(), reason="Not wanted", now=AT)

    with pytest.raises(IllegalMoveError, match="happened since"):
        services.undo(last(kettle, "updated"), by=ana(), now=SOON)

    assert events_of(kettle)[-1] == "released"


def test_an_undone_reopening_is_asked_about_again() -> None:
    kettle = a_commitment(due_at=DUE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)
    services.reopen(kettle.pk, by=ana(), reason="Not there", now=AT)

    services.undo(last(kettle, "reopened"), by=ana(), now=SOON)

    assert fresh(kettle).status == "fulfilled"
    assert CheckIn.objects.get().items.get().commitment_id == kettle.pk


def test_an_undone_reopening_leaves_the_question_where_it_was() -> None:
    kettle = a_commitment(due_at=DUE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)
    planned_for = CheckIn.objects.get().send_at
    services.reopen(kettle.pk, by=ana(), reason="Not there", now=AT + DAY)
    while_open = CheckIn.objects.count()

    services.undo(last(kettle, "reopened"), by=ana(), now=SOON + DAY)

    assert while_open == 0
    asked = CheckIn.objects.get()
    assert (asked.state, asked.send_at, planned_for) == ("planned", planned_for, NOON + 5 * DAY)


def test_an_undone_reopening_is_not_asked_about_twice() -> None:
    kettle = a_commitment(due_at=DUE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)
    checkins.run(NOON + 5 * DAY)
    services.reopen(kettle.pk, by=ana(), reason="Not there", now=AT + 5 * DAY)

    services.undo(last(kettle, "reopened"), by=ana(), now=SOON + 5 * DAY)
    checkins.run(SOON + 5 * DAY + HOUR)
    checkins.run(SOON + 21 * DAY)

    asked = Delivery.objects.filter(template="check_in").exclude(state="cancelled")
    assert asked.count() == 1
    assert CheckIn.objects.exclude(state="dropped").get().state == "sent"


def test_a_question_that_went_out_is_not_asked_again_after_an_undone_reopening() -> None:
    kettle = a_commitment(due_at=DUE)
    services.fulfil(kettle.pk, by=ana(), how="Sent", now=NOON)
    checkins.run(NOON + 5 * DAY)
    delivery.run(NOON + 5 * DAY + MINUTE)
    services.reopen(kettle.pk, by=ana(), reason="Not there", now=AT + 5 * DAY)

    services.undo(last(kettle, "reopened"), by=ana(), now=SOON + 5 * DAY)

    assert CheckIn.objects.get().state == "sent"


def test_a_wait_is_not_brought_back_once_its_request_has_failed() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo", now=NOON)
    request = Delivery.objects.get(template="need")
    VERBS["moved"](kettle)
    messages.subject.settled(request.as_delivered(), "failed", AT + timedelta(seconds=5))

    with pytest.raises(IllegalMoveError, match="happened since"):
        services.undo(last(kettle, "moved"), by=ana(), now=SOON)

    assert fresh(kettle).status == "open"


def test_an_undone_move_is_no_move() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    VERBS["moved"](kettle)
    services.undo(last(kettle, "moved"), by=ana(), now=SOON)

    services.fulfil(kettle.pk, by=ana(), how="Sent", now=DUE)

    assert fresh(kettle).outcome == "on_time"
    assert isinstance(fresh(kettle).closed_at, datetime)
