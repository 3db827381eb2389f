"""Chatwoot's webhooks, in the shape of its documentation."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from commitments.models import Commitment
from tests.commitments.helpdesks.desks import (
    SECRET,
    Desk,
    a_desk,
    assert_touched_nothing,
    everything,
    one_byte_changed,
    the_promise,
)
from tests.makers import NOON, ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = int(NOON.timestamp())
MINUTES = 60
CONTACT = {
    "additional_attributes": {},
    "custom_attributes": {},
    "email": "casey@example.com",
    "id": 42,
    "identifier": None,
    "name": "Casey Lin",
    "phone_number": "+441632960042",
    "thumbnail": "",
    "type": "contact",
}


def signed(body: bytes, secret: str, *, at: object = AT) -> dict[str, str]:
    message = f"{at}.".encode() + body
    return {
        "X-Chatwoot-Signature": "sha256="
        + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest(),
        "X-Chatwoot-Timestamp": str(at),
        "X-Chatwoot-Delivery": "5f0c9b7e-7c2b-4c1f-9a6d-52a6a4f4f1de",
    }


def a_conversation(**facts: Any) -> dict[str, Any]:
    usual = {
        "additional_attributes": {},
        "can_reply": True,
        "channel": "Channel::WebWidget",
        "id": 567,
        "inbox_id": 2,
        "labels": [],
        "messages": [],
        "meta": {"sender": CONTACT, "assignee": {"id": 3, "name": "Ana"}, "hmac_verified": False},
        "status": "open",
        "custom_attributes": {},
        "unread_count": 0,
        "last_activity_at": AT - 60,
        "timestamp": AT - 60,
        "created_at": AT - 3600,
    }
    return usual | facts


def a_message(**facts: Any) -> dict[str, Any]:
    """Ana wrote a private note into Casey's conversation 567."""
    usual = {
        "event": "message_created",
        "account": {"id": 1, "name": "Larkfield"},
        "content": "Promise: send the invoice tomorrow 3pm\nShe needs it for her taxes.",
        "content_attributes": {},
        "content_type": "text",
        "conversation": a_conversation(),
        "created_at": "2026-05-21T11:59:30.000Z",
        "id": 1234,
        "inbox": {"id": 2, "name": "Website"},
        "message_type": "outgoing",
        "private": True,
        "sender": {
            "id": 3,
            "name": "Ana Moreno",
            "email": "ana@larkfield.example",
            "type": "user",
        },
        "source_id": None,
    }
    return usual | facts


@pytest.fixture
def chatwoot(db: None) -> Desk:
    return a_desk("chatwoot", signed, address="https://chat.example/app/accounts/1/")


def test_a_note_that_promises_becomes_a_promise(chatwoot: Desk) -> None:
    answer = chatwoot.post(a_message())

    promise = the_promise()
    assert (answer.status_code, promise.owner) == (201, ana())
    assert promise.wording == "Send the invoice"
    assert promise.due_at == datetime(2026, 5, 22, 15, tzinfo=UTC)
    assert promise.promised_at == datetime(2026, 5, 21, 11, 59, 30, tzinfo=UTC)
    casey = promise.customer
    assert (casey.name, casey.email, casey.phone, casey.external_id) == (
        "Casey Lin", "casey@example.com", "+441632960042", "42",
    )  # fmt: skip
    talk = promise.conversation
    assert (talk.outside_reference, talk.channel) == ("567", "chat")
    assert talk.outside_url == "https://chat.example/app/accounts/1/conversations/567"


@pytest.mark.parametrize("at", ["2026-05-21 11:59:30 UTC", AT - 30])
def test_its_older_ways_to_write_a_time_are_read(at: object, chatwoot: Desk) -> None:
    chatwoot.post(a_message(created_at=at))

    assert the_promise().promised_at == datetime(2026, 5, 21, 11, 59, 30, tzinfo=UTC)


def test_one_changed_byte_is_refused(chatwoot: Desk) -> None:
    body = json.dumps(a_message(content="promise: call back fri 10am")).encode()

    answer = chatwoot.send(one_byte_changed(body), signed=body)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed")
    assert not Commitment.objects.exists()


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (AT - 5 * MINUTES, 201),
        (AT - 5 * MINUTES - 1, 401),
        (AT + 5 * MINUTES + 1, 401),
        ("", 401),
        ("1e9", 401),
        ("9" * 30, 401),
        ("-1", 401),
    ],
)
def test_what_was_signed_long_ago_is_refused(at: object, status: int, chatwoot: Desk) -> None:
    body = json.dumps(a_message()).encode()

    answer = chatwoot.send(body, **signed(body, SECRET, at=at))

    assert answer.status_code == status


def test_a_signature_is_not_good_for_another_time(chatwoot: Desk) -> None:
    assert chatwoot.post(a_message(), X_Chatwoot_Timestamp=str(AT + 1)).status_code == 401


def test_a_webhook_sent_again_makes_nothing_twice(chatwoot: Desk) -> None:
    chatwoot.post(a_message())
    body = json.dumps(a_message()).encode()

    again = chatwoot.send(body, **signed(body, SECRET, at=AT + 60))

    assert (again.status_code, again.json()["promises"][0]["again"]) == (200, True)
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"private": False},
        {"private": "true"},
        {"message_type": "incoming", "sender": CONTACT},
        {"sender": {"id": 9, "type": "agent_bot"}},
        {"sender": None},
        {"content": "I will look.\npromise: call back fri 10am"},
        {"content": None},
        {"event": "message_updated"},
        {"event": "conversation_created"},
        {"event": None},
    ],
    ids=str,
)
def test_nothing_else_that_is_written_is_a_promise(facts: dict[str, Any], chatwoot: Desk) -> None:
    answer = chatwoot.post(a_message(**facts))

    assert (answer.status_code, answer.json()["promises"]) == (200, [])
    assert not Commitment.objects.exists()


def test_a_resolved_conversation_leaves_its_promise(chatwoot: Desk) -> None:
    chatwoot.post(a_message())
    promise = the_promise()
    before = everything(promise)
    resolved = a_conversation(status="resolved", event="conversation_status_changed")

    chatwoot.post(a_message(id=1235, private=False, content="Here it comes."))
    answers = [chatwoot.post(resolved).json()["told"] for _ in range(2)]
    chatwoot.post(a_conversation(event="conversation_status_changed"))

    assert answers == [[promise.reference], []]
    assert_touched_nothing(promise, before, told=["answered", "closed"])


@pytest.mark.parametrize(
    "broken",
    [a_message(id=None), a_message(conversation=None), a_message(conversation={"id": []})],
    ids=["no id", "no conversation", "a list"],
)
def test_a_payload_of_another_shape_is_a_clear_refusal(
    broken: dict[str, Any], chatwoot: Desk
) -> None:
    answer = chatwoot.post(broken)

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert "have an id" in answer.json()["detail"]


def test_a_huge_payload_is_refused(chatwoot: Desk) -> None:
    assert chatwoot.post(a_message(content="x" * 1_200_000)).status_code == 413
