"""Zendesk: a trigger posts a small JSON body of ours, and a webhook of its own events the rest.

Sources, read in November 2026:

- Signature: `X-Zendesk-Webhook-Signature`, the HMAC-SHA256 in Base64 of
  `X-Zendesk-Webhook-Signature-Timestamp` and the body right after it (developer.zendesk.com,
  "Verifying webhook authenticity"). The time is ISO 8601 ("Anatomy of a webhook request"). Each
  webhook has a secret of its own, so a help desk may have several.
- The trigger's body is written by the administrator, of placeholders ("Zendesk placeholders
  reference": `ticket.id`, `ticket.updated_at_with_timestamp`, `ticket.latest_comment`,
  `ticket.requester.…`, `current_user.email`). Ours is `BODY`.
- Events have `type`, `id`, `time`, `detail` with the ticket, and `event` (webhook event types,
  "Ticket events"): `ticket.status_changed` with `current`, and `ticket.merged`, in whose event
  `target_ticket_id` is the ticket that it went into.

A field of the ticket, filled by a macro, goes on standing there: the same words in it promise
nothing new.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from commitments.helpdesks import signing
from commitments.helpdesks.adapter import (
    Happened,
    News,
    Person,
    Post,
    System,
    Unreadable,
    key_of,
)
from commitments.helpdesks.content import Content, promised_in

BODY: Final = """{
  "ticket": {"id": "{{ticket.id}}", "updated_at": "{{ticket.updated_at_with_timestamp}}"},
  "agent": {"email": "{{current_user.email}}"},
  "customer": {
    "id": "{{ticket.requester.id}}",
    "name": "{{ticket.requester.name}}",
    "email": "{{ticket.requester.email}}",
    "phone": "{{ticket.requester.phone}}"
  },
  "note": "{{ticket.latest_comment}}"
}"""
_EVENT: Final = "zen:event-type:"
_CLOSED: Final = frozenset({"SOLVED", "CLOSED"})


class Zendesk(System):
    name = "Zendesk"
    address_like = "https://example.zendesk.com/agent"
    channel = "email"
    makes_secret = True
    how = """
        In Zendesk's Admin Center, open Apps and integrations, Webhooks, Create webhook, Trigger or
        automation. Endpoint URL: the address above; method POST, format JSON. Reveal its signing
        secret and enter it here.

        Open Objects and rules, Triggers, Add trigger. Conditions: Ticket is Updated, Comment is
        Private, Current user is (agent), Comment text contains “promise:”. Action: Notify active
        webhook, with the body below.

        For closed and merged tickets, create a second webhook, of Zendesk events: Ticket status
        changed and Ticket merged. It has a secret of its own; enter it below the first.

        Try it: in a ticket, add an internal note that begins with “promise: call back tomorrow
        10am”.
    """
    body = BODY

    def check(self, post: Post, *, secrets: Sequence[str], now: datetime) -> None:
        signed_at = post.headers.get("X-Zendesk-Webhook-Signature-Timestamp", "").strip()
        message = signed_at.encode("utf-8", "replace") + post.body
        right = [signing.in_base64(message, secret, "sha256") for secret in secrets]
        signing.check(post.headers.get("X-Zendesk-Webhook-Signature", ""), right)
        signing.check_is_recent(Content(signed_at).instant(), now=now)

    def news_in(self, content: Content) -> Sequence[News]:
        kind = content.text("type")
        if kind.startswith(_EVENT):
            return _of_event(content, kind.removeprefix(_EVENT))
        return _of_trigger(content)


def _of_trigger(content: Content) -> list[News]:
    case, at = content.text("ticket", "id"), content.text("ticket", "updated_at")
    if not case or not at:
        raise Unreadable("The trigger's body has the ticket's id and updated_at: see our steps.")
    in_field = content.text("promise")
    line = in_field or promised_in(content.text("note"), is_html=False)
    if not line:
        return []
    said = ("field",) if in_field else ("note", at)
    customer = content.inside("customer")
    return [
        News(
            happened=Happened.PROMISED,
            case=case,
            path=_path(case),
            key=key_of("ticket", case, *said, line),
            at=content.instant("ticket", "updated_at"),
            agent=content.text("agent", "email"),
            line=line,
            customer=Person(
                id=customer.text("id"),
                name=customer.text("name"),
                email=customer.text("email"),
                phone=customer.text("phone"),
            ),
        )
    ]


def _of_event(content: Content, kind: str) -> list[News]:
    case, key = content.text("detail", "id"), content.text("id")
    if not case or not key:
        raise Unreadable("Zendesk's events have an id, and a ticket with an id.")
    if kind == "ticket.status_changed" and content.text("event", "current").upper() in _CLOSED:
        closed = Happened.CLOSED
        return [News(happened=closed, case=case, path=_path(case), key=key_of("event", key))]
    if kind == "ticket.merged":
        into = content.text("event", "target_ticket_id")
        return [
            News(
                happened=Happened.MERGED,
                case=case,
                path=_path(case),
                key=key_of("event", key),
                into=into,
                into_path=_path(into) if into else "",
            )
        ]
    return []


def _path(case: str) -> str:
    return f"tickets/{case}"


SYSTEM = Zendesk()
