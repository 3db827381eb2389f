"""Chatwoot: an account webhook, signed with the secret that Chatwoot made for it.

Sources, read in November 2026:

- Signature: `X-Chatwoot-Signature: sha256=…`, the HMAC-SHA256 in hex of `X-Chatwoot-Timestamp`
  (Unix seconds), a dot and the body (its API reference, the webhook's field `secret`). Versions
  whose webhooks show no secret do not sign; they are not believed, so Chatwoot has to be newer.
- Shape: the message, or the conversation, with `event` beside its fields (user guide, "How to use
  webhooks"; `Message#webhook_data`, `Conversations::EventDataPresenter` in its source).
- Chatwoot merges contacts and never conversations, so it tells of no merging.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

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


class Chatwoot(System):
    name = "Chatwoot"
    address_like = "https://app.chatwoot.com/app/accounts/1"
    channel = "chat"
    makes_secret = True
    how = """
        In Chatwoot, open Settings, Integrations, Webhooks, Add new webhook. URL: the address above.
        Events: Message created and Conversation status changed.

        Copy the secret that Chatwoot shows for this webhook, and enter it here.

        Try it: in a conversation, write a private note that begins with “promise: call back
        tomorrow 10am”.
    """

    def check(self, post: Post, *, secrets: Sequence[str], now: datetime) -> None:
        signed_at = post.headers.get("X-Chatwoot-Timestamp", "").strip()
        message = signed_at.encode("utf-8", "replace") + b"." + post.body
        right = [signing.in_hex(message, secret, "sha256") for secret in secrets]
        signing.check(post.headers.get("X-Chatwoot-Signature", ""), right)
        signing.check_is_recent(_of_seconds(signed_at), now=now)

    def news_in(self, content: Content) -> Sequence[News]:
        event = content.text("event")
        if event == "message_created":
            return _of_message(content)
        if event == "conversation_status_changed" and content.text("status") == "resolved":
            case = _case(content)
            since = content.text("timestamp") or content.text("last_activity_at")
            key = key_of("closed", case, since)
            return [News(happened=Happened.CLOSED, case=case, path=_path(case), key=key)]
        return []


def _of_message(message: Content) -> list[News]:
    """A private note may promise something; what goes out to the customer is an answer."""
    case, pk = _case(message.inside("conversation")), message.text("id")
    if not pk:
        raise Unreadable("Chatwoot's messages have an id.")
    is_ours = message.text("sender", "type") == "user"
    if not is_ours or message.text("message_type") != "outgoing":
        return []
    is_private = message.is_true("private")
    line = promised_in(message.text("content"), is_html=False) if is_private else ""
    if is_private and not line:
        return []
    return [
        News(
            happened=Happened.PROMISED if line else Happened.ANSWERED,
            case=case,
            path=_path(case),
            key=key_of("message", pk),
            at=message.instant("created_at"),
            agent=message.text("sender", "email"),
            line=line,
            customer=_person(message.inside("conversation", "meta", "sender")),
        )
    ]


def _person(contact: Content) -> Person:
    return Person(
        id=contact.text("id"),
        name=contact.text("name"),
        email=contact.text("email"),
        phone=contact.text("phone_number"),
    )


def _case(conversation: Content) -> str:
    case = conversation.text("id")
    if not case:
        raise Unreadable("Chatwoot's conversations have an id.")
    return case


def _path(case: str) -> str:
    return f"conversations/{case}"


def _of_seconds(digits: str) -> datetime | None:
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(int(digits), tz=UTC)
    return None


SYSTEM = Chatwoot()
