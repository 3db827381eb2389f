"""To whom a delivery goes now: asked once a batch, in as many queries for twenty as for one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from commitments import messages
from commitments.models import Commitment, Customer
from notifications.envelope import Delivered, Recipient
from tests.makers import NOON, a_commitment, a_user, ana, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Counted = Callable[[int], AbstractContextManager[object]]


def delivered(promise: Commitment | None = None, **facts: Any) -> Delivered:
    """A reminder to Ana, unless said otherwise."""
    usual: dict[str, Any] = {
        "key": "1",
        "about": promise.about if promise else "commitment:1",
        "event_id": None,
        "audience": "staff",
        "person_id": ana().pk,
        "channel": "email",
        "address": "old@larkfield.example",
        "template": "reminder",
    }
    return Delivered(**(usual | facts))


def goes_to(one: Delivered) -> Recipient | None:
    return messages.subject.recipients([one], now=NOON).get(one.key)


def test_a_program_gets_what_its_endpoint_is_called() -> None:
    to_program = {"person_id": None, "channel": "webhook", "address": "endpoint:7"}

    assert goes_to(delivered(a_commitment(), **to_program)) == Recipient("endpoint:7")
    assert goes_to(delivered(about="commitment:999999", **to_program)) is None


def test_what_is_about_an_account_goes_to_its_owner_alone() -> None:
    about = f"user:{ana().pk}"
    dev = a_user("Dev Shah")

    assert goes_to(delivered(about=about)) == Recipient("ana@larkfield.example", "Ana Moreno")
    assert goes_to(delivered(about=about, person_id=dev.pk)) is None


@pytest.mark.parametrize(
    ("template", "asked_again", "is_sent"),
    [
        ("agreement", False, False),
        ("progress", False, False),
        ("agreement", True, True),
        ("progress", True, False),
        ("of an older version", True, False),
    ],
)
def test_who_has_stopped_since_it_was_written_is_sent_no_more_than_they_asked_for(
    template: str, asked_again: bool, is_sent: bool
) -> None:
    mail = delivered(a_commitment(), audience="customer", person_id=None, template=template)
    before = goes_to(mail)

    wanted_at = NOON if asked_again else None
    Customer.objects.update(stopped_at=NOON, mails_wanted_at=wanted_at)

    assert before == Recipient("tom@customers.example", "Tom Okafor")
    assert goes_to(mail) == (before if is_sent else None)


@pytest.mark.parametrize("about", ["", "x", "commitment:", "commitment:x", "user:²", "other:7"])
def test_what_is_about_nothing_known_goes_to_nobody(about: str) -> None:
    assert goes_to(delivered(about=about)) is None
    assert goes_to(delivered(about=about, audience="customer", person_id=None)) is None


@pytest.mark.parametrize("many", [1, 20])
def test_the_number_of_queries_does_not_depend_on_the_batch(
    many: int, django_assert_num_queries: Counted
) -> None:
    promises = [a_commitment(wording=f"Number {number}") for number in range(many)]
    batch = [
        *(delivered(each, key=f"a{each.pk}") for each in promises),
        *(delivered(each, key=f"c{each.pk}", audience="customer") for each in promises),
        *(delivered(each, key=f"w{each.pk}", channel="webhook") for each in promises),
    ]

    with django_assert_num_queries(3):  # people, customers, colleagues
        found = messages.subject.recipients(batch, now=NOON)

    assert [found[f"c{each.pk}"] for each in promises] == [
        Recipient("tom@customers.example", "Tom Okafor")
    ] * many
    assert None not in found.values()


def test_a_page_of_messages_is_named_in_two_queries(django_assert_num_queries: Counted) -> None:
    promises = [a_commitment(wording=f"Number {number}") for number in range(5)]
    abouts = [each.about for each in promises]

    with django_assert_num_queries(1):  # there is no check-in among them
        shown = messages.subject.shown(abouts)

    first = shown[promises[0].about]
    assert (first.title, first.phone) == ("Number 0", tom().phone)
    assert first.url == f"/promises/{promises[0].reference}/"
