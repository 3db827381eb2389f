"""The sentence on My promises says of everybody who is overdue whether they have been told."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment, Customer
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINE = "/promises/mine/"


def overdue(**fields: Any) -> Commitment:  # Any: a draft's own fields
    """Due at 11:00, made the day before."""
    return makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY, **fields)


def test_two_customers_of_one_name_are_two(client: Client) -> None:
    for email in ("one@tom.example", "two@tom.example"):
        customer = Customer.objects.create(name="Tom Okafor", email=email)
        overdue(customer=customer)

    said = pages.text(client.get(MINE))

    assert "Two are overdue, and two customers have not been told yet." in said


def test_who_has_not_been_told_is_known_also_beyond_what_is_shown(client: Client) -> None:
    last = overdue()
    told = [copy.copy(last) for _ in range(60)]
    for each in told:
        each.pk, each.due_at, each.told_at = None, NOON - 2 * HOUR, NOON - MINUTE
    Commitment.objects.bulk_create(told)

    said = pages.text(client.get(MINE))

    assert "61 are overdue, and Tom has not been told yet." in said
