"""The week beside one's own promises: what was kept, and what customers answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from commitments import services
from commitments.models import CheckIn, CheckInAnswer, CheckInItem, Commitment
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db
MINE = "/promises/mine/"


def test_the_week_counts_what_was_kept(client: Client) -> None:
    kept = makers.a_commitment(now=NOON - HOUR)
    services.fulfil(kept.pk, by=makers.ana(), how="Sent", now=NOON - MINUTE)

    assert "Kept on time 1 Moved" in pages.text(client.get(MINE))


def asked_about(*promises: Commitment) -> CheckIn:
    check_in = CheckIn.objects.create(
        customer=makers.tom(), state="sent", planned_at=NOON, sent_at=NOON
    )
    for each in promises:
        CheckInItem.objects.create(check_in=check_in, commitment=each, revision=0)
    return check_in


def answered(check_in: CheckIn, rating: int, **fields: Any) -> None:  # Any: the answer's own
    CheckInAnswer.objects.create(
        check_in=check_in, rating=rating, done="yes", still_open=False,
        **{"at": NOON} | fields,
    )  # fmt: skip


def test_the_week_says_what_customers_answered(client: Client) -> None:
    first, second, third = (makers.a_commitment() for _ in range(3))
    changed = asked_about(first, second)
    answered(changed, 1)
    answered(changed, 4)
    answered(changed, 2, confirmed=False)
    answered(asked_about(third), 5)
    answered(asked_about(makers.a_commitment()), 1, at=NOON - 7 * DAY)
    answered(asked_about(makers.a_commitment(owner_id=makers.dev().pk)), 1)

    assert "Customers said 4.5 of 5 " in pages.text(client.get(MINE))


def test_one_answer_is_said_to_be_one(client: Client) -> None:
    assert "Customers said" not in pages.text(client.get(MINE))

    answered(asked_about(makers.a_commitment()), 4)

    assert "Customers said 4 of 5, from one answer" in pages.text(client.get(MINE))
