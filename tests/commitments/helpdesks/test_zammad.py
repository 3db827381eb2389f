"""Zammad's webhooks, in the shape of its documentation: a trigger with the default payload."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from commitments.models import Commitment
from tests.commitments.helpdesks.desks import (
    Desk,
    a_desk,
    assert_touched_nothing,
    everything,
    one_byte_changed,
    the_promise,
)
from tests.makers import ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ANA = {
    "active": True,
    "email": "ana@larkfield.example",
    "firstname": "Ana",
    "id": 5,
    "lastname": "Moreno",
    "login": "ana@larkfield.example",
    "roles": ["Agent"],
}
EMILY = {
    "active": True,
    "email": "emily@example.com",
    "firstname": "Emily",
    "id": 8,
    "lastname": "Adams",
    "login": "emily@example.com",
    "organization": "Awesome Customer Inc.",
    "phone": "0061 2 1234 7777",
    "roles": ["Customer"],
}
NOTE = "<div>promise: call back fri 10am // she prefers mobile</div><div>More of it.</div>"


def signed(body: bytes, secret: str) -> dict[str, str]:
    return {
        "X-Hub-Signature": f"sha1={hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}",
        "X-Zammad-Trigger": "Promises",
        "X-Zammad-Delivery": "d6a1e0c2-6f2c-4d3f-8f0e-0f5f2c1b7a11",
        "User-Agent": "Zammad User Agent",
    }


def a_payload(article: dict[str, Any] | None = None, **ticket: Any) -> dict[str, Any]:
    """Ana wrote an internal note into Emily's ticket 10081."""
    return {
        "ticket": {
            "article_count": 2,
            "article_ids": [104, 105],
            "create_article_sender": "Customer",
            "create_article_type": "phone",
            "created_at": "2026-05-21T09:34:35.282Z",
            "created_by_id": 3,
            "customer": EMILY,
            "customer_id": 8,
            "group": {"id": 3, "name": "Service Desk", "users": ["ana@larkfield.example"]},
            "group_id": 3,
            "id": 81,
            "number": "10081",
            "owner": ANA,
            "owner_id": 5,
            "priority": {"id": 2, "name": "2 normal"},
            "state": "open",
            "state_id": 2,
            "title": "Webhook-Test",
            "updated_at": "2026-05-21T11:59:35.333Z",
            "updated_by": ANA,
            "updated_by_id": 5,
        }
        | ticket,
        "article": {
            "attachments": [],
            "body": NOTE,
            "content_type": "text/html",
            "created_at": "2026-05-21T11:59:35.318Z",
            "created_by": ANA,
            "created_by_id": 5,
            "from": "Ana Moreno",
            "id": 105,
            "internal": True,
            "sender": "Agent",
            "sender_id": 1,
            "ticket_id": 81,
            "type": "note",
            "type_id": 10,
            "updated_at": "2026-05-21T11:59:35.318Z",
        }
        | (article or {}),
    }


@pytest.fixture
def zammad(db: None) -> Desk:
    return a_desk("zammad", signed)


def test_a_note_that_promises_becomes_a_promise(zammad: Desk) -> None:
    answer = zammad.post(a_payload())

    promise = the_promise()
    assert (answer.status_code, promise.owner, promise.wording) == (201, ana(), "Call back")
    assert promise.due_at == datetime(2026, 5, 22, 10, tzinfo=UTC)
    assert promise.promised_at == datetime(2026, 5, 21, 11, 59, 35, 318000, tzinfo=UTC)
    assert promise.team_note == "she prefers mobile"
    emily = promise.customer
    assert (emily.name, emily.email, emily.phone, emily.external_id) == (
        "Emily Adams", "emily@example.com", "0061 2 1234 7777", "8",
    )  # fmt: skip
    talk = promise.conversation
    assert (talk.outside_reference, talk.channel) == ("10081", "email")
    assert talk.outside_url == "https://help.example/#ticket/zoom/81"


def test_one_changed_byte_is_refused(zammad: Desk) -> None:
    body = json.dumps(a_payload()).encode()

    answer = zammad.send(one_byte_changed(body), signed=body)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed")
    assert not Commitment.objects.exists()


def test_a_delivery_under_another_name_makes_nothing_twice(zammad: Desk) -> None:
    zammad.post(a_payload())

    again = zammad.post(a_payload(title="Changed since"), X_Zammad_Delivery="another")

    assert (again.status_code, again.json()["promises"][0]["again"]) == (200, True)
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize(
    "article",
    [
        {"internal": False},
        {"sender": "Customer", "created_by": EMILY},
        {"sender": "System"},
        {"body": "<div>I will look.</div><div>promise: call back fri 10am</div>"},
        {"body": "<blockquote>Emily wrote:</blockquote>promise: call back fri 10am"},
        {"body": "promise:", "content_type": "text/plain"},
        {"body": None},
        {"id": None},
    ],
    ids=str,
)
def test_nothing_else_that_is_written_is_a_promise(article: dict[str, Any], zammad: Desk) -> None:
    answer = zammad.post(a_payload(article))

    assert (answer.status_code, answer.json()["promises"]) == (200, [])
    assert not Commitment.objects.exists()


def test_a_note_in_plain_text_is_read_as_it_stands(zammad: Desk) -> None:
    zammad.post(a_payload({"body": "~ send the <b> form fri", "content_type": "text/plain"}))

    assert the_promise().wording == "Send the <b> form"


def test_a_closed_ticket_leaves_its_promise(zammad: Desk) -> None:
    zammad.post(a_payload())
    promise = the_promise()
    before = everything(promise)
    closed = a_payload(state="closed", state_id=4, close_at="2026-05-21T12:00:00.000Z")

    answers = [zammad.post(closed).json()["told"] for _ in range(2)]
    zammad.post(a_payload({"id": 106, "internal": False, "type": "email"}))

    assert answers == [[promise.reference], []]
    assert_touched_nothing(promise, before, told=["closed", "answered"])


def test_a_merged_ticket_leaves_its_promise_and_the_other_ticket_says_where_it_is(
    zammad: Desk,
) -> None:
    zammad.post(a_payload())
    promise = the_promise()
    before = everything(promise)
    merged = {"id": 110, "body": "merged", "internal": False, "sender": "System"}

    zammad.post(a_payload(merged, state="merged", state_id=5, article_ids=[110]))
    zammad.post(
        a_payload(
            {"id": 99, "ticket_id": 70, "sender": "Customer"},
            id=70,
            number="10070",
            article_ids=[98, 99, 104, 105],
        )
    )

    assert_touched_nothing(promise, before, told=["merged", "merged"])
    talk = the_promise().conversation
    assert (talk.outside_reference, talk.continued_in) == ("10081", "10070")
    assert talk.continued_url == "https://help.example/#ticket/zoom/70"


@pytest.mark.parametrize(
    "broken",
    [{}, {"ticket": None}, {"ticket": []}, {"ticket": {"id": 81}}, {"ticket": "10081"}],
    ids=str,
)
def test_a_payload_of_another_shape_is_a_clear_refusal(
    broken: dict[str, Any], zammad: Desk
) -> None:
    answer = zammad.post(broken)

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert "a ticket with a number and an id" in answer.json()["detail"]


def test_a_huge_payload_is_refused(zammad: Desk) -> None:
    assert zammad.post(a_payload({"body": "x" * 1_200_000})).status_code == 413
