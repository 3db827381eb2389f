"""A colleague asks how it went, rather than leaving it to the day; or learns why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from commitments import checkins, services
from commitments.errors import CommitmentError
from commitments.models import CheckIn, Commitment, Membership, Role
from notifications import delivery
from notifications.models import Delivery
from tests.commitments.test_checkins import ALL_WELL, ASKED, a_kept_promise, asked
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_user,
    ana,
    dev,
    events_of,
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = NOON + HOUR


def rows() -> list[object]:
    models = (Commitment, CheckIn, Delivery)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_it_goes_out_at_once_when_nothing_can_be_taken_back_any_more() -> None:
    kettle = a_kept_promise()

    checkins.send_by_hand(kettle.pk, by=dev(), now=LATER)
    delivery.run(LATER + MINUTE / 3)
    before = Delivery.objects.get(template="check_in").state
    delivery.run(LATER + MINUTE / 2)

    assert (before, Delivery.objects.get(template="check_in").state) == ("queued", "sent")
    check_in = CheckIn.objects.get()
    assert (check_in.state, check_in.sent_at) == ("sent", LATER)
    planned = kettle.events.filter(kind="check_in_planned").latest("sequence")
    assert (planned.actor, planned.changes["by_hand"]) == (dev(), True)
    assert events_of(kettle)[-1] == "message_sent"


def test_the_day_it_was_planned_for_asks_no_second_time() -> None:
    kettle = a_kept_promise()

    checkins.send_by_hand(kettle.pk, by=ana(), now=LATER)
    checkins.run(ASKED)
    checkins.run(ASKED + 30 * DAY)

    assert asked() == 1


def test_all_that_is_planned_for_this_customer_goes_along() -> None:
    kettle, lid = a_kept_promise(), a_kept_promise()

    checkins.send_by_hand(lid.pk, by=ana(), now=LATER)

    assert CheckIn.objects.get().commitments() == [kettle, lid]
    assert asked() == 1


def test_what_was_dropped_after_thirty_days_can_be_asked_by_hand() -> None:
    kettle = a_kept_promise(case="kept")
    other = a_commitment(due_at=NOON + 300 * DAY, case="owed", summary=False)
    for days in range(40):
        checkins.run(NOON + days * DAY + 21 * HOUR)
    services.release(other.pk, by=ana(), reason="Not wanted", now=NOON + 40 * DAY)

    checkins.send_by_hand(kettle.pk, by=ana(), now=NOON + 41 * DAY)

    assert CheckIn.objects.get(state="sent").commitments() == [kettle]
    assert CheckIn.objects.get(state="dropped").commitments() == []


def is_owed(kettle: Commitment) -> None:
    a_commitment(due_at=NOON + 30 * DAY, case="owed", summary=False)


def is_disputed(kettle: Commitment) -> None:
    other = a_commitment(due_at=NOON + 30 * DAY, case="disputed", summary=False)
    services.dispute(other.pk, words="It was two.", now=NOON)
    services.fulfil(other.pk, by=ana(), how="Sent", now=NOON)


def is_asking(kettle: Commitment) -> None:
    services.reply(kettle.pk, words="Which one?", now=NOON)


def was_asked(kettle: Commitment) -> None:
    checkins.send_by_hand(kettle.pk, by=ana(), now=NOON)


def was_asked_about_another(kettle: Commitment) -> None:
    checkins.send_by_hand(kettle.pk, by=ana(), now=NOON)
    Commitment.objects.get(pk=kettle.pk).check_in_items.update(revision=99)
    CheckIn.objects.update(sent_at=NOON - MINUTE)


def has_no_address(kettle: Commitment) -> None:
    kettle.customer.email = ""
    kettle.customer.save()


def has_stopped(kettle: Commitment) -> None:
    services.stop_mails(kettle.conversation, now=NOON)


@pytest.mark.parametrize(
    ("arrange", "why"),
    [
        (
            is_owed,
            (
                "Not yet: another promise to Tom is still open. "
                "The question goes out by itself some days after that one is closed."
            ),
        ),
        (is_disputed, "Not yet: Tom says that something is off. Answer that first."),
        (is_asking, "Not yet: Tom wrote to us and waits for an answer. Answer that first."),
        (was_asked, "Tom has been asked about this promise already."),
        (
            was_asked_about_another,
            "Tom was asked only a few days ago. You can ask again Thu 28 May, 11:59 am.",
        ),
        (has_no_address, "Tom has no e-mail address. Please call."),
        (has_stopped, "Tom asked for no more e-mails. Please call."),
    ],
)
def test_where_it_would_be_held_it_is_refused_with_the_reason(
    arrange: Callable[[Commitment], None], why: str
) -> None:
    kettle = a_kept_promise()
    arrange(kettle)
    before = rows()

    with pytest.raises(CommitmentError) as refused:
        checkins.send_by_hand(kettle.pk, by=ana(), now=LATER)

    assert str(refused.value) == why
    assert rows() == before


def test_what_is_still_open_is_not_asked_about() -> None:
    kettle = a_commitment(summary=False)

    with pytest.raises(CommitmentError, match="Ask how it went once it is done"):
        checkins.send_by_hand(kettle.pk, by=ana(), now=LATER)


def test_whoever_only_looks_on_does_not_ask() -> None:
    kettle = a_kept_promise()
    noor = a_user("Noor Aziz")
    Membership.objects.create(user=noor, team=kettle.team, role=Role.AUDITOR)

    with pytest.raises(CommitmentError, match="You can see this promise, but not change it"):
        checkins.send_by_hand(kettle.pk, by=noor, now=LATER)

    assert asked() == 0


def test_after_the_cooldown_what_was_kept_since_is_asked_about_by_hand() -> None:
    kettle = a_kept_promise(case="first")
    checkins.send_by_hand(kettle.pk, by=ana(), now=LATER)
    checkins.answer(CheckIn.objects.get().pk, ALL_WELL, now=LATER + HOUR)
    second = a_commitment(due_at=NOON + 8 * DAY, case="second", summary=False)
    services.fulfil(second.pk, by=ana(), how="Sent", now=LATER + 7 * DAY)

    checkins.send_by_hand(second.pk, by=ana(), now=LATER + 7 * DAY)

    assert asked() == 2
    assert tom().check_ins.latest("pk").commitments() == [second]
