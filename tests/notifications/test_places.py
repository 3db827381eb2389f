"""Where a message leads at the moment of sending."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from commitments.models import User
from notifications.delivery import leases, places, preparing
from notifications.envelope import Recipient
from notifications.models import ContactPoint, Delivery
from tests.notifications.makers import NOON, Agreeable, ana, queue, to_ana, to_tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OLD, NEW = "+447700900123", "+447700900999"


def reaches(address: str, **facts: Any) -> ContactPoint:
    usual = {"user": ana(), "channel": "sms", "verified_at": NOON} | facts
    return ContactPoint.objects.create(address=address, **usual)


def leads_to(**facts: Any) -> Recipient | None:
    """Where a text message to Ana's old number goes now."""
    queue(to_ana("1:ana:sms", **({"channel": "sms", "address": OLD} | facts)))
    return places.recipients(list(Delivery.objects.filter(key="1:ana:sms")), now=NOON)["1:ana:sms"]


def address_of(recipient: Recipient | None) -> str | None:
    return recipient.address if recipient else None


def test_a_message_follows_its_reader_to_a_new_address():
    reaches(NEW)

    assert address_of(leads_to()) == NEW


def test_a_way_that_was_given_up_leads_nowhere():
    assert leads_to() is None


def test_a_way_that_was_closed_leads_nowhere():
    reaches(OLD, disabled_at=NOON)

    assert leads_to() is None


def test_an_address_that_is_not_proved_leads_nowhere():
    reaches(OLD, verified_at=None)

    assert leads_to() is None


def test_a_code_goes_to_the_address_that_it_proves():
    reaches(NEW)
    reaches(OLD, verified_at=None)

    assert address_of(leads_to(template="verify_address")) == OLD


def test_a_code_for_an_address_given_up_leads_nowhere():
    reaches(NEW)

    assert leads_to(template="verify_address") is None


def test_whom_the_subject_refuses_has_no_place(subject: Agreeable):
    reaches(OLD)
    subject.now_at["1:ana:sms"] = None

    assert leads_to() is None


def test_mail_leads_where_the_subject_says(subject: Agreeable):
    subject.now_at["1:ana:email"] = Recipient("ana.moreno@larkfield.example")
    queue(to_ana(), to_tom())

    found = places.recipients(list(Delivery.objects.all()), now=NOON)

    assert {key: address_of(recipient) for key, recipient in found.items()} == {
        "1:ana:email": "ana.moreno@larkfield.example",
        "1:tom:email": "tom@example.org",
    }


def test_a_thousand_are_looked_up_at_once(django_assert_num_queries: DjangoAssertNumQueries):
    reaches(OLD)
    queue(*(to_ana(f"{n}:ana:sms", channel="sms", address=OLD) for n in range(1000)))
    rows = list(Delivery.objects.all())

    with django_assert_num_queries(1):
        found = places.recipients(rows, now=NOON)

    assert {address_of(recipient) for recipient in found.values()} == {OLD}


def test_what_leads_nowhere_is_cancelled_and_the_rest_goes_to_its_place():
    reaches(NEW)
    other = User.objects.create_user("dev@larkfield.example", name="Dev")
    queue(
        to_ana("1:ana:sms", channel="sms", address=OLD),
        to_ana("1:dev:sms", channel="sms", address=OLD, person_id=other.pk),
    )
    rows = leases.claim("sms", limit=10, now=NOON)

    ready, refused = preparing.sort_out(rows, now=NOON)

    assert [(row.key, compose().address) for row, compose in ready] == [("1:ana:sms", NEW)]
    assert [(result.row.key, result.columns["state"]) for result in refused] == [
        ("1:dev:sms", "cancelled")
    ]
