"""A question whose day passed because of us: not asked late, but its owners are asked instead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commitments import checkins, services
from commitments.models import CheckIn
from notifications import delivery
from notifications.models import Delivery
from tests.commitments.test_checkins import ASKED, a_kept_promise, asked
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, dev, events_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(("late", "sent"), [(DAY, 1), (DAY + MINUTE, 0)])
def test_a_day_late_because_of_us_it_is_held_and_its_owner_asked_once(
    late: timedelta, sent: int
) -> None:
    kettle = a_kept_promise()

    for days in range(3):
        checkins.run(ASKED + late + days * DAY)

    held = CheckIn.objects.get()
    told = Delivery.objects.filter(template="undelivered", channel="email")
    assert asked() == sent
    assert held.state == ("sent" if sent else "held")
    assert list(told.values_list("address", "late")) == [(ana().email, True)] * (1 - sent)
    assert events_of(kettle).count("check_in_held") == 1 - sent
    if not sent:
        assert kettle.events.get(kind="check_in_held").words == held.hold_reason == checkins.STALE
        assert "You can still ask" in str(told.get().context["words"])


def test_the_owners_of_all_it_asks_about_are_asked_each_once() -> None:
    for owner in (ana(), dev(), ana()):
        a_kept_promise(owner_id=owner.pk)

    checkins.run(ASKED + 2 * DAY)

    told = Delivery.objects.filter(template="undelivered", channel="inbox")
    assert sorted(told.values_list("address", flat=True)) == [ana().email, dev().email]


def test_what_a_colleague_was_asked_about_goes_by_hand_and_not_by_itself() -> None:
    kettle = a_kept_promise()
    checkins.run(ASKED + 2 * DAY)
    owed = a_commitment(due_at=ASKED + 30 * DAY, now=ASKED + 2 * DAY, summary=False)
    checkins.run(ASKED + 3 * DAY)
    services.release(owed.pk, by=ana(), reason="Not wanted", now=ASKED + 4 * DAY)

    for days in range(5, 10):
        checkins.run(ASKED + days * DAY)
    by_itself = asked()
    checkins.send_by_hand(kettle.pk, by=ana(), now=ASKED + 10 * DAY)

    assert (by_itself, asked()) == (0, 1)
    assert Delivery.objects.get(template="check_in").expires_at == (
        ASKED + 10 * DAY + MINUTE / 2 + 3 * DAY
    )


def test_what_holds_it_otherwise_comes_before_its_being_late() -> None:
    a_kept_promise(case="kept")
    a_commitment(due_at=NOON + 30 * DAY, case="owed", summary=False)

    checkins.run(ASKED + 2 * DAY)

    assert CheckIn.objects.get().hold_reason == "another promise to this customer is still open"
    assert not Delivery.objects.filter(template="undelivered").exists()


def test_the_question_itself_is_stale_a_day_after_its_time_in_the_outbox_too() -> None:
    kettle = a_kept_promise()
    delivery.run(NOON + HOUR)  # that it is done
    checkins.run(ASKED + HOUR)

    delivery.run(ASKED + DAY)

    assert Delivery.objects.get(template="check_in").state == "expired"
    assert events_of(kettle)[-1] == "message_not_sent"
    told = Delivery.objects.filter(template="undelivered", channel="inbox")
    assert list(told.values_list("address", flat=True)) == [ana().email]
