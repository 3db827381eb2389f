"""Providers tell us what became of the mails we gave them; strangers tell us nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from notifications.channels import verp
from notifications.delivery import leases
from notifications.models import Attempt, Delivery, Suppression
from tests.notifications.makers import (
    HOUR,
    MINUTE,
    NOON,
    Agreeable,
    queue,
    the_delivery,
    to_tom,
    tries,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
POSTMARK = "/hooks/mail/postmark/"
MAILGUN = "/hooks/mail/mailgun/"
SECRET = "us:a-long-secret"
KEY = "signing-key"


@pytest.fixture(autouse=True)
def _agreed(settings: LazySettings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


@pytest.fixture(autouse=True)
def _sent(subject: Agreeable) -> None:
    queue(to_tom())
    Delivery.objects.update(state="sent", attempt_at=None, settled_at=NOON, provider_id="mail-1")


def postmark(said: Any, *, secret: str = SECRET, **options: Any) -> int:
    """What we answer to a callback of Postmark's."""
    signed = {"authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    body = said if isinstance(said, str) else json.dumps(said)
    usual = {"content_type": "application/json", "headers": signed if secret else {}}
    return Client().post(POSTMARK, body, **(usual | options)).status_code


def bounced(**facts: Any) -> dict[str, Any]:
    usual = {
        "RecordType": "Bounce",
        "MessageID": "mail-1",
        "ID": 42,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Email": "tom@example.org",
        "BouncedAt": "2026-03-02T13:00:00Z",
        "Description": "The server was unable to deliver your message",
        "Details": "smtp;550 5.1.1 nobody here",
    }
    return usual | facts


def told(subject: Agreeable) -> list[str]:
    return [outcome for _, outcome in subject.told]


def test_a_hard_bounce_is_recorded_and_closes_the_address(subject: Agreeable) -> None:
    assert postmark(bounced()) == 200

    assert (the_delivery().state, told(subject)) == ("failed", ["bounced"])
    assert the_delivery().reason == "bounced: smtp;550 5.1.1 nobody here"
    assert Suppression.objects.get().address == "tom@example.org"


def test_a_replay_is_harmless(subject: Agreeable) -> None:
    assert [postmark(bounced()) for _ in range(3)] == [200, 200, 200]

    assert told(subject) == ["bounced"]


@pytest.mark.parametrize("first", ["bounce", "delivered"])
def test_a_bounce_may_come_before_the_delivery_it_takes_back(
    first: str, subject: Agreeable
) -> None:
    arrived = {"RecordType": "Delivery", "MessageID": "mail-1", "Recipient": "tom@example.org"}
    said = [bounced(), arrived] if first == "bounce" else [arrived, bounced()]

    for each in said:
        assert postmark(each) == 200

    assert (the_delivery().state, told(subject)) == ("failed", ["bounced"])


def arrived(**facts: Any) -> dict[str, Any]:
    usual = {
        "RecordType": "Delivery",
        "MessageID": "mail-1",
        "Recipient": "tom@example.org",
        "DeliveredAt": "2026-03-02T13:00:00Z",
    }
    return usual | facts


def stands(state: str, **facts: Any) -> Delivery:
    """The mail after an attempt that left it so; the provider's answer never came."""
    usual = {"provider_id": "", "token": 1, "attempts": 1, "attempt_at": None, "settled_at": NOON}
    Delivery.objects.update(state=state, **(usual | facts))
    row = the_delivery()
    Attempt.objects.create(delivery=row, token=1, started_at=NOON)
    return row


def test_what_may_have_arrived_is_sent_once_its_provider_says_that_it_arrived(
    subject: Agreeable,
) -> None:
    row = stands("uncertain")

    assert postmark(arrived(Metadata={"delivery": verp.name(row.pk)})) == 200

    row.refresh_from_db()
    assert (row.state, row.settled_at, row.provider_id) == ("sent", NOON + HOUR, "mail-1")
    assert subject.told == [(row.key, "sent")]
    assert tries() == [("accepted", 250, "The provider says that it arrived.")]
    assert not Delivery.objects.needing_attention().exists()


def test_a_provider_may_say_so_before_its_answer_to_our_call_is_lost(subject: Agreeable) -> None:
    row = stands("leased", phase="final", attempt_at=NOON + MINUTE, settled_at=None)

    postmark(arrived(Metadata={"delivery": verp.name(row.pk)}))
    lost = leases.settle_lost("email", now=NOON + HOUR)

    assert (lost, the_delivery().state, told(subject)) == (0, "sent", ["sent"])


def test_it_is_known_by_the_providers_name_too_and_dated_no_later_than_now(
    subject: Agreeable,
) -> None:
    stands("uncertain", provider_id="mail-1")
    before = timezone.now()

    postmark(arrived(DeliveredAt="2126-03-02T13:00:00Z"))
    postmark(arrived())

    assert told(subject) == ["sent"]
    settled_at = the_delivery().settled_at
    assert settled_at is not None
    assert before <= settled_at <= timezone.now()


def test_what_a_colleague_was_to_be_sent_once_more_is_not_once_it_arrived(
    subject: Agreeable,
) -> None:
    row = stands("uncertain", audience="staff", attempt_at=NOON + HOUR, possible_repeat=True)

    postmark(arrived(Metadata={"delivery": verp.name(row.pk)}))

    assert (the_delivery().state, the_delivery().attempt_at, told(subject)) == ("sent", None, [])


@pytest.mark.parametrize("named", ["", "7", "{pk}", "{pk}.00000000000000000000", "x.y", None])
def test_whose_name_is_not_proven_is_not_ours(named: str | None, subject: Agreeable) -> None:
    row = stands("uncertain")
    said = named.format(pk=row.pk) if named else named

    assert postmark(arrived(MessageID="mail-2", Metadata={"delivery": said})) == 200
    assert postmark(arrived(MessageID="mail-2", Metadata=None)) in {200, 400}

    assert (the_delivery().state, told(subject)) == ("uncertain", [])


@pytest.mark.parametrize(
    ("state", "facts"),
    [
        ("sent", {}),
        ("failed", {"bounced_at": NOON}),
        ("failed", {}),
        ("expired", {}),
        ("cancelled", {}),
        ("queued", {"attempt_at": NOON, "settled_at": None}),
        ("leased", {"phase": "claimed", "attempt_at": NOON, "settled_at": None}),
    ],
)
def test_where_nothing_was_in_doubt_that_it_arrived_changes_nothing(
    state: str, facts: dict[str, Any], subject: Agreeable
) -> None:
    row = stands(state, **facts)

    assert postmark(arrived(Metadata={"delivery": verp.name(row.pk)})) == 200

    now = the_delivery()
    assert (now.state, now.settled_at, now.provider_id) == (state, row.settled_at, "")
    assert told(subject) == []


def test_what_came_back_is_known_by_our_name_even_where_the_answer_was_lost(
    subject: Agreeable,
) -> None:
    row = stands("uncertain")

    postmark(bounced(Metadata={"delivery": verp.name(row.pk)}))

    assert (the_delivery().state, told(subject)) == ("failed", ["bounced"])


@pytest.mark.parametrize(
    ("details", "closed"),
    [
        ("smtp;550 5.1.1 nobody here", True),
        ("smtp;552 5.2.2 mailbox full", False),
        ("smtp;550 5.7.1 we do not like you", False),
        ("no more is known", True),  # then the provider's word counts
    ],
)
def test_what_the_far_server_said_decides_about_the_address(
    details: str, closed: bool, subject: Agreeable
) -> None:
    assert postmark(bounced(Details=details)) == 200

    assert the_delivery().state == "failed"
    assert Suppression.objects.exists() is closed


def test_a_complaint_leaves_what_arrived_as_sent(subject: Agreeable) -> None:
    complaint = bounced(RecordType="SpamComplaint", Type="SpamComplaint", TypeCode=512)

    assert postmark(complaint) == 200

    assert (the_delivery().state, told(subject)) == ("sent", ["complained"])
    assert Suppression.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        bounced(MessageID="of-somebody-else"),
        bounced(RecordType="Delivery"),
        bounced(RecordType="Open"),
        bounced(RecordType="SomethingNew"),
    ],
    ids=["unknown message", "delivered", "opened", "unknown event"],
)
def test_what_says_nothing_of_ours_is_taken_and_ignored(
    said: dict[str, Any], subject: Agreeable
) -> None:
    assert postmark(said) == 200

    assert (the_delivery().state, told(subject)) == ("sent", [])


@pytest.mark.parametrize("secret", ["", "us:wrong", "us:"])
def test_who_does_not_know_the_secret_is_refused(secret: str, subject: Agreeable) -> None:
    assert postmark(bounced(), secret=secret) == 401

    assert (the_delivery().state, told(subject)) == ("sent", [])


@pytest.mark.parametrize(
    "body",
    ["", "{", "null", "[]", '"x"', "[1]", '{"RecordType": 7}', "\ud800".encode("utf-8", "replace")],
)
def test_what_cannot_be_read_is_no_error_of_ours(body: Any, subject: Agreeable) -> None:
    answer = postmark(body if isinstance(body, str) else body.decode())

    assert answer in {200, 400}
    assert (the_delivery().state, told(subject)) == ("sent", [])


def test_a_body_of_megabytes_is_refused(subject: Agreeable) -> None:
    assert postmark(bounced(Details="x" * 3_000_000)) == 400

    assert the_delivery().state == "sent"


def test_a_provider_without_a_secret_is_not_there(settings: LazySettings) -> None:
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "x"}

    assert postmark(bounced()) == 404
    assert the_delivery().state == "sent"


@pytest.mark.parametrize("path", ["/hooks/mail/nobody/", "/hooks/mail/postmark_inbound/"])
def test_who_is_no_provider_is_not_there(path: str) -> None:
    assert Client().post(path).status_code == 404


def test_a_provider_may_look_whether_anybody_is_there() -> None:
    assert Client().head(POSTMARK).status_code == 200
    assert Client().get(POSTMARK).status_code == 405


# --- one whose callbacks are signed


def mailgun(*, signature: str | None = None, message: str = "<mail-1>") -> int:
    token, at = "0123456789", "1772456400"
    right = hmac.new(KEY.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    said = {
        "signature": {"timestamp": at, "token": token, "signature": signature or right},
        "event-data": {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "timestamp": 1772456400.5,
            "id": "event-1",
            "recipient": "tom@example.org",
            "message": {"headers": {"message-id": message.strip("<>")}},
            "delivery-status": {"code": 550, "message": "5.1.1 nobody here"},
        },
    }
    signed = {"authorization": "Basic " + base64.b64encode(SECRET.encode()).decode()}
    return (
        Client()
        .post(MAILGUN, json.dumps(said), content_type="application/json", headers=signed)
        .status_code
    )


def test_a_signed_callback_is_believed_and_any_other_refused(subject: Agreeable) -> None:
    Delivery.objects.update(provider_id="<mail-1>")

    assert mailgun(signature="0" * 64) == 401
    assert the_delivery().state == "sent"
    assert mailgun() == 200

    assert (the_delivery().state, told(subject)) == ("failed", ["bounced"])
