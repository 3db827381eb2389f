"""FreeScout's webhooks, in the shape of its documentation: the conversation with its threads."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from commitments.models import Commitment, Suggestion
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
    "id": 9,
    "type": "user",
    "firstName": "Ana",
    "lastName": "Moreno",
    "email": "ana@larkfield.example",
}
RODNEY = {
    "id": 91,
    "type": "customer",
    "firstName": "Rodney",
    "lastName": "Robertson",
    "email": "rodney@example.org",
}


def signed(body: bytes, secret: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha1).digest()
    return {
        "X-FreeScout-Signature": base64.b64encode(digest).decode(),
        "X-FreeScout-Event": "convo.note.created",
    }


def a_thread(pk: int, what: str = "note", **facts: Any) -> dict[str, Any]:
    usual = {
        "id": pk,
        "type": what,
        "status": "active",
        "state": "published",
        "action": {"type": "", "text": "", "associatedEntities": {}},
        "body": "<div>promise: call back fri 10am</div>",
        "source": {"type": "web", "via": "user"},
        "customer": RODNEY,
        "createdBy": ANA,
        "assignedTo": ANA,
        "to": [],
        "cc": [],
        "bcc": [],
        "createdAt": "2026-05-21T11:58:33Z",
        "openedAt": None,
        "_embedded": {"attachments": []},
    }
    return usual | facts


FIRST = a_thread(17, "customer", createdBy=RODNEY, body="Could you please refund my payment?")


def a_conversation(*threads: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """Ana wrote a note into Rodney's conversation number 3; the newest threads come first."""
    usual = {
        "id": 1,
        "number": 3,
        "threadsCount": 2,
        "type": "email",
        "folderId": 11,
        "status": "active",
        "state": "published",
        "subject": "Refund",
        "preview": "Could you please refund my recent payment...",
        "mailboxId": 15,
        "assignee": ANA,
        "createdBy": RODNEY,
        "createdAt": "2026-05-21T08:46:22Z",
        "updatedAt": "2026-05-21T11:58:33Z",
        "closedBy": None,
        "closedByUser": None,
        "closedAt": None,
        "source": {"type": "email", "via": "customer"},
        "cc": [],
        "bcc": [],
        "customer": RODNEY,
        "customFields": [],
        "_embedded": {"threads": list(threads) or [a_thread(18), FIRST]},
    }
    return usual | facts


@pytest.fixture
def freescout(db: None) -> Desk:
    return a_desk("freescout", signed)


def test_a_note_that_promises_becomes_a_promise(freescout: Desk) -> None:
    answer = freescout.post(a_conversation())

    promise = the_promise()
    assert (answer.status_code, promise.owner, promise.wording) == (201, ana(), "Call back")
    assert promise.due_at == datetime(2026, 5, 22, 10, tzinfo=UTC)
    assert promise.promised_at == datetime(2026, 5, 21, 11, 58, 33, tzinfo=UTC)
    rodney = promise.customer
    assert (rodney.name, rodney.email, rodney.external_id) == (
        "Rodney Robertson", "rodney@example.org", "91",
    )  # fmt: skip
    talk = promise.conversation
    assert (talk.outside_reference, talk.channel) == ("3", "email")
    assert talk.outside_url == "https://help.example/conversation/1"


def test_one_changed_byte_is_refused(freescout: Desk) -> None:
    body = json.dumps(a_conversation()).encode()

    answer = freescout.send(one_byte_changed(body), signed=body)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed")
    assert not Commitment.objects.exists()


def test_the_name_of_the_event_which_nobody_signs_is_not_believed(freescout: Desk) -> None:
    freescout.post(a_conversation(FIRST), X_FreeScout_Event="convo.note.created")
    freescout.post(a_conversation(), X_FreeScout_Event="convo.status")

    assert Commitment.objects.count() == 1


def test_the_same_note_in_later_webhooks_makes_nothing_twice(freescout: Desk) -> None:
    freescout.post(a_conversation())
    later = a_conversation(a_thread(19, "message", body="Done."), a_thread(18), FIRST)

    again = freescout.post(later)

    assert (again.status_code, again.json()["promises"][0]["again"]) == (200, True)
    assert Commitment.objects.count() == 1


def test_two_notes_that_come_together_are_two_promises(freescout: Desk) -> None:
    second = a_thread(19, body="~ send the form tomorrow 9am")

    answer = freescout.post(a_conversation(second, a_thread(18), FIRST))

    said = [promise["wording"] for promise in answer.json()["promises"]]
    assert said == ["Call back", "Send the form"]


def test_an_old_note_is_no_new_promise_and_in_nobodys_way(freescout: Desk) -> None:
    old = a_thread(12, createdAt="2026-04-01T08:00:00Z")

    answer = freescout.post(a_conversation(a_thread(18), old))

    assert (answer.status_code, Commitment.objects.count()) == (201, 1)
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    "thread",
    [
        a_thread(18, "message"),
        a_thread(18, "customer", createdBy=RODNEY),
        a_thread(18, "lineitem"),
        a_thread(18, createdBy=RODNEY),
        a_thread(18, state="draft"),
        a_thread(18, body="<p>I will look.</p><p>promise: call back fri 10am</p>"),
        a_thread(18, body=None),
    ],
    ids=["answer", "customer", "line", "by a customer", "draft", "second line", "empty"],
)
def test_nothing_else_that_is_written_is_a_promise(thread: dict[str, Any], freescout: Desk) -> None:
    answer = freescout.post(a_conversation(thread, FIRST))

    assert (answer.status_code, answer.json()["promises"]) == (200, [])
    assert not Commitment.objects.exists()


def test_a_customers_own_webhook_is_no_news(freescout: Desk) -> None:
    answer = freescout.post({"id": 91, "firstName": "Rodney", "email": "rodney@example.org"})

    assert (answer.status_code, answer.json()["promises"]) == (200, [])


def test_a_closed_conversation_leaves_its_promise(freescout: Desk) -> None:
    freescout.post(a_conversation())
    promise = the_promise()
    before = everything(promise)
    facts = {"status": "closed", "closedByUser": ANA, "closedAt": "2026-05-21T12:00:00Z"}

    answers = [freescout.post(a_conversation(**facts)).json()["told"] for _ in range(2)]
    freescout.post(a_conversation(a_thread(19, "message"), a_thread(18), FIRST))

    assert answers == [[promise.reference], []]
    assert_touched_nothing(promise, before, told=["closed", "answered"])


def test_a_merged_conversation_is_found_where_its_threads_are(freescout: Desk) -> None:
    freescout.post(a_conversation())
    promise = the_promise()
    before = everything(promise)
    line = a_thread(30, "lineitem", action={"type": "merged", "text": "", "associatedEntities": {}})

    freescout.post(a_conversation(line, a_thread(18), FIRST, id=7, number=9))

    assert_touched_nothing(promise, before, told=["merged"])
    talk = the_promise().conversation
    assert (talk.outside_reference, talk.continued_in) == ("3", "9")
    assert talk.continued_url == "https://help.example/conversation/7"


@pytest.mark.parametrize(
    "broken", [{}, {"id": 1}, {"id": [], "number": 3}, {"id": 1, "number": None}], ids=str
)
def test_a_payload_of_another_shape_is_a_clear_refusal(
    broken: dict[str, Any], freescout: Desk
) -> None:
    answer = freescout.post(broken)

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert "an id and a number" in answer.json()["detail"]


def test_a_huge_payload_is_refused(freescout: Desk) -> None:
    assert freescout.post(a_conversation(a_thread(18, body="x" * 1_200_000))).status_code == 413
