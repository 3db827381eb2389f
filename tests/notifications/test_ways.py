"""Which ways a message takes to its reader, and from when on."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from commitments.models import User
from notifications.models import ContactPoint, Delivery
from tests.notifications.makers import HOUR, NOON, ana, queue, to_ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NIGHT = {"quiet_from": time(22), "quiet_to": time(7)}
TEN_AT_NIGHT = NOON + 10 * HOUR
SEVEN = NOON + 19 * HOUR


def reaches(channel: str, address: str = "", **facts: Any) -> ContactPoint:
    """A way to Ana, proved unless it is said otherwise."""
    usual = {"user": ana(), "verified_at": NOON} | facts
    return ContactPoint.objects.create(channel=channel, address=address, **usual)


def said(**facts: Any) -> dict[str, str]:
    """Tell Ana something; by which ways it goes, and where to."""
    queue(to_ana("1:ana", channel="", **facts))
    rows = Delivery.objects.order_by("channel").values_list("channel", "address")
    return {channel: "" if channel == "inbox" else address for channel, address in rows}


def goes_at(**facts: Any) -> dict[str, object]:
    queue(to_ana("1:ana", channel="", **facts))
    return dict(Delivery.objects.order_by("channel").values_list("channel", "attempt_at"))


def test_somebody_without_wishes_is_told_here_and_by_mail():
    assert said() == {"email": "ana@larkfield.example", "inbox": ""}
    assert set(Delivery.objects.values_list("key", flat=True)) == {"1:ana:inbox", "1:ana:email"}


def test_told_twice_it_is_said_once():
    said()

    assert queue(to_ana("1:ana", channel="")) == 0


def test_a_message_that_names_its_channel_takes_no_other():
    reaches("chat", "slack://ana")

    queue(to_ana())

    assert [row.channel for row in Delivery.objects.all()] == ["email"]


def test_proved_addresses_are_used_and_others_not():
    reaches("chat", "slack://ana")
    reaches("sms", "+442079460142", verified_at=None)

    assert said() == {"chat": "slack://ana", "email": "ana@larkfield.example", "inbox": ""}


def test_what_is_not_overdue_is_kept_from_who_wants_escalations_only():
    reaches("email", wants="escalations")
    reaches("chat", "slack://ana", wants="escalations")

    assert said() == {"inbox": ""}


def test_what_is_overdue_reaches_who_wants_escalations_only():
    reaches("email", wants="escalations")

    assert set(said(is_escalation=True)) == {"email", "inbox"}


def test_mail_can_be_off_where_another_way_is_open():
    reaches("email", disabled_at=NOON)
    reaches("sms", "+442079460142")

    assert set(said(is_escalation=True)) == {"sms", "inbox"}


def test_an_escalation_goes_by_mail_where_every_other_way_is_closed():
    reaches("email", disabled_at=NOON)
    reaches("sms", "+442079460142", disabled_at=NOON)

    assert said(is_escalation=True) == {"email": "ana@larkfield.example", "inbox": ""}


def test_a_reminder_stays_in_the_inbox_where_every_other_way_is_closed():
    reaches("email", disabled_at=NOON)

    assert said() == {"inbox": ""}


def test_the_mail_goes_to_the_account_whatever_its_point_says():
    reaches("email", "old@larkfield.example")

    assert said()["email"] == "ana@larkfield.example"


def test_quiet_hours_hold_what_goes_outside_and_not_the_inbox():
    reaches("email", **NIGHT)

    assert goes_at(not_before=TEN_AT_NIGHT) == {"email": SEVEN, "inbox": TEN_AT_NIGHT}


def test_each_way_has_quiet_hours_of_its_own():
    reaches("email", **NIGHT)
    reaches("chat", "slack://ana", zone="Asia/Kolkata", **NIGHT)

    at = goes_at(not_before=TEN_AT_NIGHT)

    assert (at["email"], at["chat"]) == (SEVEN, TEN_AT_NIGHT + 3.5 * HOUR)


def test_an_urgent_step_passes_quiet_hours_and_work():
    reaches("email", waits_for_work=True, **NIGHT)

    at = goes_at(not_before=TEN_AT_NIGHT, pierces_quiet=True, work_resumes_at=SEVEN + 2 * HOUR)

    assert at["email"] == TEN_AT_NIGHT


def test_the_next_working_minute_is_waited_for_only_where_asked():
    reaches("email", waits_for_work=True)
    reaches("chat", "slack://ana")

    at = goes_at(not_before=TEN_AT_NIGHT, work_resumes_at=SEVEN)

    assert (at["email"], at["chat"]) == (SEVEN, TEN_AT_NIGHT)


def test_a_message_held_overnight_lives_as_long_as_any_other():
    reaches("email", **NIGHT)

    said(not_before=TEN_AT_NIGHT)

    lives = dict(Delivery.objects.values_list("channel", "expires_at"))
    assert lives == {"email": SEVEN + timedelta(days=1), "inbox": TEN_AT_NIGHT + timedelta(days=1)}


def test_however_many_are_told_the_database_is_asked_twice(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    people = [User.objects.create_user(f"{number}@larkfield.example") for number in range(30)]
    for person in people:
        ContactPoint.objects.create(
            user=person, channel="chat", address="slack://x", verified_at=NOON
        )
    messages = [
        to_ana(f"{number}:{person.pk}", channel="", person_id=person.pk)
        for number in range(10)
        for person in people
    ]

    with django_assert_num_queries(2):
        queue(*messages)

    assert Delivery.objects.count() == 10 * 30 * 3
