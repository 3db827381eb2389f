"""Was the customer told? Each way of writing or speaking to them, and each fate of a message."""

from __future__ import annotations

from datetime import datetime

import pytest

from commitments import messages, services
from commitments.messages import customer
from commitments.models import Commitment, EventKind
from commitments.models.event import first_broken_link
from commitments.services import Told
from notifications.envelope import Delivered, Outcome
from notifications.models import Delivery
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 3 * HOUR
AFTER = DUE + HOUR
Template = customer.Template


def kettle() -> Commitment:
    return a_commitment(due_at=DUE, summary=False)


def settle(
    commitment: Commitment, outcome: Outcome, *, at: datetime, template: str = "", key: str = ""
) -> None:
    """What became of the latest message to Tom, or of one in these words."""
    row = Delivery.objects.filter(about=commitment.about, audience="customer").latest("pk")
    delivered = Delivered(
        key=key or row.key,
        about=row.about,
        event_id=row.event_id,
        audience="customer",
        person_id=None,
        channel="email",
        address=row.address,
        template=template or row.template,
    )
    messages.subject.settled(delivered, outcome, at)


def write(commitment: Commitment, *, at: datetime) -> None:
    services.update(commitment.pk, by=ana(), words="It is packed", tell_customer=True, now=at)


def move(commitment: Commitment, to: datetime, *, told: Told, at: datetime) -> None:
    services.move(
        commitment.pk, by=ana(), due_at=to, reason="The van broke down", told=told, now=at
    )


# --- by which messages


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (Template.AGREEMENT, False),  # it says that the time holds, however late it arrives
        (Template.RECAP, False),  # likewise, of several
        (Template.PROGRESS, True),
        (Template.NEW_TIME, True),
        (Template.SLIP, True),
        (Template.SLIP_REASON, True),  # by the ladder, in words that somebody approved
        (Template.NEED, True),
        (Template.DONE, True),
        (Template.CANNOT_KEEP, True),
        (Template.SLIP_NOTE, False),
        (Template.NUDGE, False),
        (Template.CHECK_IN, False),
        (Template.STILL_OPEN, False),
    ],
)
def test_what_a_person_wrote_or_approved_tells_and_nothing_else(
    template: Template, told: bool
) -> None:
    promise = kettle()
    write(promise, at=NOON)

    settle(promise, "sent", at=AFTER, template=template)

    assert fresh(promise).is_not_told(AFTER + MINUTE) is not told
    assert events_of(promise)[-1] == "message_sent"


def test_an_agreement_that_arrives_in_time_is_the_first_they_hear() -> None:
    promise = kettle()
    write(promise, at=NOON)

    settle(promise, "sent", at=NOON + HOUR, template=Template.AGREEMENT)

    assert fresh(promise).told_at == NOON + HOUR


def test_every_template_is_in_the_table_above() -> None:
    assert len(Template) == 13


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("sent", True),
        ("uncertain", False),
        ("failed", False),
        ("suppressed", False),
        ("expired", False),
        ("bounced", False),
    ],
)
def test_only_what_was_accepted_tells(outcome: Outcome, told: bool) -> None:
    promise = kettle()
    write(promise, at=AFTER)

    settle(promise, outcome, at=AFTER + MINUTE)

    assert fresh(promise).is_not_told(AFTER + HOUR) is not told


def test_what_may_have_arrived_tells_once_it_is_known_to_have() -> None:
    promise = kettle()
    write(promise, at=AFTER)

    settle(promise, "uncertain", at=AFTER + MINUTE)
    settle(promise, "sent", at=AFTER + 2 * MINUTE)

    assert fresh(promise).told_at == AFTER + 2 * MINUTE


def test_a_recorded_call_tells() -> None:
    promise = kettle()

    move(promise, DUE + DAY, told=Told.PHONE, at=DUE - HOUR)

    assert fresh(promise).told_at == DUE - HOUR


def test_words_before_the_time_do_not_tell_that_it_passed() -> None:
    promise = kettle()
    write(promise, at=NOON)

    settle(promise, "sent", at=DUE - MINUTE)

    assert fresh(promise).is_not_told(AFTER)


# --- and then it comes back


def test_what_came_back_has_told_nobody() -> None:
    promise = kettle()
    write(promise, at=AFTER)
    settle(promise, "sent", at=AFTER)

    settle(promise, "bounced", at=AFTER + HOUR)

    again = fresh(promise)
    assert (again.told_at, again.is_not_told(AFTER + HOUR)) == (None, True)
    event = again.events.latest("sequence")
    assert (event.kind, event.visible) == ("message_bounced", False)
    assert event.changes["told_at"] == ["2026-05-21T16:00:00+00:00", None]
    assert first_broken_link(again) is None


def test_the_message_before_it_still_stands() -> None:
    promise = kettle()
    write(promise, at=AFTER)
    settle(promise, "sent", at=AFTER)
    write(promise, at=AFTER + HOUR)
    settle(promise, "sent", at=AFTER + HOUR)

    settle(promise, "bounced", at=AFTER + 2 * HOUR)

    assert fresh(promise).told_at == AFTER


def test_two_that_came_back_leave_nothing() -> None:
    promise = kettle()
    write(promise, at=AFTER)
    settle(promise, "sent", at=AFTER)
    first = Delivery.objects.latest("pk").key
    write(promise, at=AFTER + HOUR)
    settle(promise, "sent", at=AFTER + HOUR)

    settle(promise, "bounced", at=AFTER + 2 * HOUR)
    settle(promise, "bounced", at=AFTER + 3 * HOUR, key=first)

    assert fresh(promise).told_at is None


def test_a_call_is_never_taken_back_by_a_bounce() -> None:
    promise = kettle()
    move(promise, DUE + DAY, told=Told.PHONE, at=NOON + HOUR)
    write(promise, at=NOON + 2 * HOUR)
    settle(promise, "sent", at=NOON + 2 * HOUR)

    settle(promise, "bounced", at=NOON + 4 * HOUR)

    assert fresh(promise).told_at == NOON + HOUR


def test_an_automatic_note_that_came_back_changes_nothing() -> None:
    promise = kettle()
    write(promise, at=AFTER)
    settle(promise, "sent", at=AFTER)
    settle(promise, "sent", at=AFTER + HOUR, template=Template.SLIP_NOTE, key="note")

    settle(promise, "bounced", at=AFTER + 2 * HOUR, template=Template.SLIP_NOTE, key="note")

    assert fresh(promise).told_at == AFTER


def test_a_complaint_takes_nothing_back_because_it_was_read() -> None:
    promise = kettle()
    write(promise, at=AFTER)
    settle(promise, "sent", at=AFTER)

    settle(promise, "complained", at=AFTER + HOUR)

    assert fresh(promise).told_at == AFTER
    event = fresh(promise).events.latest("sequence")
    assert (event.kind, event.changes["complaint"]) == ("message_bounced", True)


def test_a_complaint_about_one_message_does_not_lose_it_when_another_comes_back() -> None:
    promise = kettle()
    write(promise, at=AFTER)
    settle(promise, "sent", at=AFTER)
    settle(promise, "complained", at=AFTER + HOUR)
    write(promise, at=AFTER + 2 * HOUR)
    settle(promise, "sent", at=AFTER + 2 * HOUR)

    settle(promise, "bounced", at=AFTER + 3 * HOUR)

    assert fresh(promise).told_at == AFTER


def test_sent_again_after_it_came_back_it_has_told() -> None:
    promise = kettle()
    write(promise, at=AFTER)
    settle(promise, "sent", at=AFTER)
    key = Delivery.objects.filter(audience="customer").latest("pk").key
    settle(promise, "bounced", at=AFTER + HOUR)

    settle(promise, "sent", at=AFTER + 2 * HOUR, key=f"{key}:again-1")

    assert fresh(promise).told_at == AFTER + 2 * HOUR


# --- an old time they had been told about before it passed


def test_a_new_time_that_came_back_was_not_told_in_time() -> None:
    promise = kettle()
    move(promise, DUE + DAY, told=Told.MESSAGE, at=NOON + HOUR)
    settle(promise, "sent", at=NOON + HOUR)
    told_in_time = fresh(promise).untold_due_at

    settle(promise, "bounced", at=NOON + 2 * HOUR)

    assert told_in_time is None
    assert fresh(promise).untold_due_at == DUE


def test_a_call_before_the_old_time_still_counts_when_the_message_came_back() -> None:
    promise = kettle()
    move(promise, DUE + DAY, told=Told.MESSAGE, at=NOON + HOUR)
    settle(promise, "sent", at=NOON + HOUR)
    first = Delivery.objects.filter(audience="customer").latest("pk").key
    move(promise, DUE + 2 * DAY, told=Told.PHONE, at=NOON + 2 * HOUR)

    settle(promise, "bounced", at=NOON + 3 * HOUR, key=first, template=Template.NEW_TIME)

    assert (fresh(promise).told_at, fresh(promise).untold_due_at) == (NOON + 2 * HOUR, None)


def test_an_update_that_came_back_leaves_the_new_time_as_told() -> None:
    promise = kettle()
    move(promise, DUE + DAY, told=Told.MESSAGE, at=NOON + HOUR)
    settle(promise, "sent", at=NOON + HOUR)
    write(promise, at=NOON + 2 * HOUR)
    settle(promise, "sent", at=NOON + 2 * HOUR)

    settle(promise, "bounced", at=NOON + 3 * HOUR)

    assert (fresh(promise).told_at, fresh(promise).untold_due_at) == (NOON + HOUR, None)


# --- a request


def test_a_request_that_came_back_was_never_waited_for() -> None:
    promise = kettle()
    services.wait(promise.pk, by=ana(), what="A photo of the meter", now=NOON)
    settle(promise, "sent", at=NOON + MINUTE)

    settle(promise, "bounced", at=NOON + HOUR)

    again = fresh(promise)
    assert (again.status, again.waiting_since, again.due_at) == ("open", None, DUE)
    assert again.customer_wait.total_seconds() == 0


def test_an_old_request_that_came_back_ends_no_later_wait() -> None:
    promise = kettle()
    services.wait(promise.pk, by=ana(), what="A photo of the meter", now=NOON)
    settle(promise, "sent", at=NOON + MINUTE)
    old = Delivery.objects.filter(template="need").get()
    services.resume(promise.pk, by=ana(), now=NOON + 2 * MINUTE)
    services.wait(promise.pk, by=ana(), what="And its number", now=NOON + 3 * MINUTE)

    old_one = Delivered(
        key=old.key,
        about=old.about,
        event_id=old.event_id,
        audience="customer",
        person_id=None,
        channel="email",
        address=old.address,
        template="need",
    )
    messages.subject.settled(old_one, "bounced", NOON + HOUR)

    assert (fresh(promise).status, fresh(promise).waiting_for) == ("waiting", "And its number")


def test_a_complaint_about_a_request_leaves_it_asked() -> None:
    promise = kettle()
    services.wait(promise.pk, by=ana(), what="A photo of the meter", now=NOON)
    settle(promise, "sent", at=NOON + MINUTE)

    settle(promise, "complained", at=NOON + HOUR)

    assert fresh(promise).status == "waiting"


# --- the ladder's own words


def test_a_note_with_a_reason_somebody_approved_is_no_automatic_note() -> None:
    promise = kettle()
    event = promise.events.filter(kind=EventKind.MADE).get()

    said = [
        messages.customer.about_promise(
            promise, Template.SLIP_NOTE, event=event, now=AFTER, words=words
        )
        for words in ("", "The part is out of stock everywhere.")
    ]

    assert [each.template for each in said] == ["slip_note", "slip_reason"]  # type: ignore[union-attr]
    assert {each.not_before for each in said} == {AFTER}  # type: ignore[union-attr]
