"""Zendesk's webhooks, in the shape of its documentation: our trigger's body, and its own events."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from commitments import sealed
from commitments.helpdesks.systems import zendesk as adapter
from commitments.models import Commitment, HelpDesk
from tests.commitments.helpdesks.desks import (
    SECRET,
    Desk,
    a_desk,
    assert_touched_nothing,
    everything,
    one_byte_changed,
    the_promise,
)
from tests.makers import ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = "2026-05-21T12:00:00Z"


def signed(body: bytes, secret: str, *, at: str = AT) -> dict[str, str]:
    digest = hmac.new(secret.encode(), at.encode() + body, hashlib.sha256).digest()
    return {
        "X-Zendesk-Account-Id": "123456",
        "X-Zendesk-Webhook-Id": "01F1KRFQ6BG29CNWFR60NK5FNY",
        "X-Zendesk-Webhook-Invocation-Id": "8350205582",
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": at,
    }


def a_note(**facts: Any) -> dict[str, Any]:
    """Ana wrote an internal note into Wei's ticket 35436."""
    usual = {
        "ticket": {"id": "35436", "updated_at": "2026-05-21T11:59Z"},
        "agent": {"email": "ana@larkfield.example"},
        "customer": {
            "id": "6596848315901",
            "name": "Wei Chen",
            "email": "wei@example.com",
            "phone": "",
        },
        "note": "promise: refund the second cup tomorrow 5pm\n\nShe sent a picture.",
    }
    return usual | facts


def an_event(kind: str, **event: Any) -> dict[str, Any]:
    return {
        "type": f"zen:event-type:ticket.{kind}",
        "account_id": 12514403,
        "id": "2b24ef10-19d4-4740-93cf-8f98ec4776c0",
        "time": "2026-05-21T12:00:00Z",
        "zendesk_event_version": "2022-11-06",
        "subject": "zen:ticket:35436",
        "detail": {
            "actor_id": "8447388090494",
            "assignee_id": "8447388090494",
            "created_at": "2026-05-20T10:00:00Z",
            "id": "35436",
            "requester_id": "6596848315901",
            "status": "SOLVED",
            "subject": "A broken cup",
            "tags": [],
            "updated_at": "2026-05-21T12:00:00Z",
            "via": {"channel": "web_service"},
        },
        "event": {"meta": {"sequence": {"id": "01HX", "position": 1, "total": 1}}} | event,
    }


@pytest.fixture
def zendesk(db: None) -> Desk:
    return a_desk("zendesk", signed, address="https://larkfield.zendesk.com/agent")


def test_a_note_that_promises_becomes_a_promise(zendesk: Desk) -> None:
    answer = zendesk.post(a_note())

    promise = the_promise()
    assert (answer.status_code, promise.owner, promise.kind.code) == (201, ana(), "refund")
    assert promise.wording == "Refund the second cup"
    assert promise.due_at == datetime(2026, 5, 22, 17, tzinfo=UTC)
    assert promise.promised_at == datetime(2026, 5, 21, 11, 59, tzinfo=UTC)
    wei = promise.customer
    assert (wei.name, wei.email, wei.external_id) == (
        "Wei Chen", "wei@example.com", "6596848315901",
    )  # fmt: skip
    talk = promise.conversation
    assert (talk.outside_reference, talk.channel) == ("35436", "email")
    assert talk.outside_url == "https://larkfield.zendesk.com/agent/tickets/35436"


def test_the_body_we_ask_for_holds_what_we_read() -> None:
    filled = re.sub(r"\{\{[a-z_.]+\}\}", "x", adapter.BODY)

    assert set(json.loads(filled)) == set(a_note())
    assert set(json.loads(filled)["customer"]) == set(a_note()["customer"])
    assert set(json.loads(filled)["ticket"]) == set(a_note()["ticket"])


def test_a_field_that_a_macro_fills_promises_once_however_often_it_is_seen(zendesk: Desk) -> None:
    said = a_note(promise="call back fri 10am", note="Thank you!")
    zendesk.post(said)

    again = zendesk.post(said | {"ticket": {"id": "35436", "updated_at": "2026-05-21T12:00Z"}})

    assert again.json()["promises"][0]["again"] is True
    assert the_promise().wording == "Call back"


def test_one_changed_byte_is_refused(zendesk: Desk) -> None:
    body = json.dumps(a_note()).encode()

    answer = zendesk.send(one_byte_changed(body), signed=body)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed")
    assert not Commitment.objects.exists()


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2026-05-21T11:55:00Z", 201),
        ("2026-05-21T11:54:59Z", 401),
        ("2026-05-21T12:05:01Z", 401),
        ("2026-05-21T12:00:00", 401),
        ("", 401),
        ("noon", 401),
    ],
)
def test_what_was_signed_long_ago_is_refused(at: str, status: int, zendesk: Desk) -> None:
    body = json.dumps(a_note()).encode()

    assert zendesk.send(body, **signed(body, SECRET, at=at)).status_code == status


def test_a_webhook_sent_again_makes_nothing_twice(zendesk: Desk) -> None:
    zendesk.post(a_note())
    body = json.dumps(a_note()).encode()

    again = zendesk.send(body, **signed(body, SECRET, at="2026-05-21T12:01:00Z"))

    assert (again.status_code, again.json()["promises"][0]["again"]) == (200, True)
    assert Commitment.objects.count() == 1


def test_the_same_words_at_another_time_are_another_promise(zendesk: Desk) -> None:
    zendesk.post(a_note())
    zendesk.post(a_note(ticket={"id": "35436", "updated_at": "2026-05-21T12:00Z"}))

    assert Commitment.objects.count() == 2


@pytest.mark.parametrize(
    "facts",
    [
        {"note": "I will look.\npromise: call back fri 10am"},
        {"note": None},
        {"note": ""},
        {"note": "promise:"},
    ],
    ids=str,
)
def test_nothing_else_that_is_written_is_a_promise(facts: dict[str, Any], zendesk: Desk) -> None:
    answer = zendesk.post(a_note(**facts))

    assert (answer.status_code, answer.json()["promises"]) == (200, [])
    assert not Commitment.objects.exists()


def test_a_closed_and_merged_ticket_leaves_its_promise(zendesk: Desk) -> None:
    """The events come from a second webhook, with a secret of its own."""
    zendesk.post(a_note())
    promise = the_promise()
    before = everything(promise)
    events = Desk(row=zendesk.row, sign=signed, secret="the-secret-of-the-second-webhook")
    HelpDesk.objects.update(secrets=sealed.seal([SECRET, events.secret]))
    merged = an_event("merged", target_ticket_id="35440") | {"id": "7f0c"}

    events.post(an_event("status_changed", previous="NEW", current="OPEN"))
    solved = an_event("status_changed", previous="OPEN", current="SOLVED")
    answers = [events.post(solved).json()["told"] for _ in range(2)]
    events.post(an_event("comment_added"))
    events.post(merged)

    assert answers == [[promise.reference], []]
    assert_touched_nothing(promise, before, told=["closed", "merged"])
    talk = the_promise().conversation
    assert (talk.outside_reference, talk.continued_in) == ("35436", "35440")
    assert talk.continued_url == "https://larkfield.zendesk.com/agent/tickets/35440"


def test_a_merging_that_does_not_say_into_which_is_told_all_the_same(zendesk: Desk) -> None:
    zendesk.post(a_note())

    zendesk.post(an_event("merged"))

    assert the_promise().events.get(kind="case_told").changes["case"] == "merged"
    assert the_promise().conversation.continued_in == ""


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"ticket": {"id": "1"}},
        {"ticket": None},
        an_event("merged") | {"detail": None},
        an_event("merged") | {"id": None},
    ],
    ids=["empty", "no time", "no ticket", "no detail", "no id"],
)
def test_a_payload_of_another_shape_is_a_clear_refusal(
    broken: dict[str, Any], zendesk: Desk
) -> None:
    answer = zendesk.post(broken)

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_a_huge_payload_is_refused(zendesk: Desk) -> None:
    assert zendesk.post(a_note(note="x" * 1_200_000)).status_code == 413
