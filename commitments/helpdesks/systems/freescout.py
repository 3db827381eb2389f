"""FreeScout: a webhook of the API & Webhooks module, signed with the module's own secret.

Sources, read in November 2026:

- Signature: `X-FreeScout-Signature`, the HMAC-SHA1 of the body in Base64, with the secret that the
  module shows in its settings (`Webhook::sign` in the module). No time is signed, nor is the name
  of the event in `X-FreeScout-Event`: what happened is read from the conversation itself.
- Shape: the conversation with its threads in `_embedded` (the module's page, "Example of
  Conversation object", and api-docs.freescout.net, "Get Conversation").
- What was not taken is sent again up to ten times in two hours (the module's page). It is shaped
  only when it is sent, so of two notes written at once both may come twice and neither alone: every
  note in it is read, and known by its id.
- Merging: the module tells of none. The threads move to the other conversation and keep their ids,
  by which that one's next webhook shows what it has become.
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

_NOTE: Final = "note"
_ANSWER: Final = "message"
_MOST_HELD: Final = 500
_MOST_READ: Final = 20  # of the newest threads


class FreeScout(System):
    name = "FreeScout"
    address_like = "https://support.example.org"
    channel = "email"
    makes_secret = True
    how = """
        In FreeScout, open Manage, Settings, API & Webhooks (from the module of that name), copy the
        secret key for webhooks, and enter it here.

        On the same page add a webhook. URL: the address above. Events: convo.note.created,
        convo.agent.reply.created and convo.status.

        Try it: in a conversation, add a note that begins with “promise: call back tomorrow 10am”.
    """

    def check(self, post: Post, *, secrets: Sequence[str], now: datetime) -> None:
        right = [signing.in_base64(post.body, secret, "sha1") for secret in secrets]
        signing.check(post.headers.get("X-FreeScout-Signature", ""), right)

    def news_in(self, content: Content) -> Sequence[News]:
        pk, number = content.text("id"), content.text("number")
        if not number and content.text("email"):
            return []  # it is about a customer
        if not pk or not number:
            raise Unreadable("FreeScout's conversations have an id and a number.")
        path = f"conversation/{pk}"
        threads = sorted(content.each("_embedded", "threads"), key=_age)
        holds = [key_of("thread", each.text("id")) for each in threads[-_MOST_HELD:]]
        news = [
            News(
                happened=Happened.GATHERED,
                case=number,
                path=path,
                key=key_of("conversation", pk),
                holds=holds,
            )
        ]
        customer = _person(content.inside("customer"))
        for thread in threads[-_MOST_READ:]:
            is_newest = thread is threads[-1]
            news += _of_thread(thread, customer, case=number, path=path, is_newest=is_newest)
        if content.text("status") == "closed":
            key = key_of("closed", pk, content.text("closedAt"))
            agent = content.text("closedByUser", "email")
            closed = Happened.CLOSED
            news.append(News(happened=closed, case=number, path=path, key=key, agent=agent))
        return news


def _of_thread(
    thread: Content, customer: Person, *, case: str, path: str, is_newest: bool
) -> list[News]:
    """A note may promise something; of what was sent to the customer only the newest is news."""
    what, is_ours = thread.text("type"), thread.text("createdBy", "type") == "user"
    if not is_ours or thread.text("state") not in ("", "published"):
        return []
    line = promised_in(thread.text("body"), is_html=True) if what == _NOTE else ""
    if not line and not (what == _ANSWER and is_newest):
        return []
    return [
        News(
            happened=Happened.PROMISED if line else Happened.ANSWERED,
            case=case,
            path=path,
            key=key_of("thread", thread.text("id")),
            at=thread.instant("createdAt"),
            agent=thread.text("createdBy", "email"),
            line=line,
            customer=customer,
            is_newest=is_newest,
        )
    ]


def _person(customer: Content) -> Person:
    return Person(
        id=customer.text("id"),
        name=f"{customer.text('firstName')} {customer.text('lastName')}".strip(),
        email=customer.text("email"),
        phone=customer.text("phone"),
    )


def _age(thread: Content) -> int:
    pk = thread.text("id")
    return int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < 20 else 0


SYSTEM = FreeScout()
