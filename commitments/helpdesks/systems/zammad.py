"""Zammad: a trigger posts its default payload, signed with a token of ours.

Sources, read in November 2026:

- Signature: `X-Hub-Signature: sha1=…`, the HMAC-SHA1 of the body in hex; only where a token is set
  (admin documentation, "Adding Webhooks", "HMAC SHA1 Signature Token"; `UserAgent.set_signature`
  in its source). No time is signed, and `X-Zammad-Delivery` is not signed either.
- Shape: `ticket` and `article`, with everybody's details (admin documentation, "Webhook Payload").
- A failed webhook is sent again up to four times (admin documentation, "Webhook").
- Merging: the ticket's state becomes "merged", and its articles move to the other ticket and keep
  their ids (`Ticket#merge_to`). The payload does not say into which; the other ticket's own next
  webhook does, by its `article_ids`.
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

_FATES: Final = {"closed": Happened.CLOSED, "merged": Happened.MERGED}
_MOST_HELD: Final = 500


class Zammad(System):
    name = "Zammad"
    address_like = "https://help.example.org"
    channel = "email"
    makes_secret = False
    how = """
        In Zammad, open Manage, Webhook, New Webhook. Endpoint: the address above. HMAC SHA1
        Signature Token: the secret from here. Leave Custom Payload off.

        Open Manage, Trigger, New Trigger. Condition: Action is updated. Execute: Webhook, the one
        you just made.

        Try it: in a ticket, add an internal note that begins with “promise: call back tomorrow
        10am”.
    """

    def check(self, post: Post, *, secrets: Sequence[str], now: datetime) -> None:
        right = [signing.in_hex(post.body, secret, "sha1") for secret in secrets]
        signing.check(post.headers.get("X-Hub-Signature", ""), right)

    def news_in(self, content: Content) -> Sequence[News]:
        ticket, article = content.inside("ticket"), content.inside("article")
        number, pk = ticket.text("number"), ticket.text("id")
        if not number or not pk:
            raise Unreadable("Zammad's default payload has a ticket with a number and an id.")
        path = f"#ticket/zoom/{pk}"
        holds = [key_of("article", each.text()) for each in ticket.each("article_ids")]
        news = [
            News(
                happened=Happened.GATHERED,
                case=number,
                path=path,
                key=key_of("ticket", pk),
                holds=holds[-_MOST_HELD:],
            )
        ]
        if article.text("id") and article.text("sender") == "Agent":
            news += _of_agent(article, ticket, case=number, path=path)
        fate = _FATES.get(ticket.text("state"))
        if fate is not None:
            since = ticket.text("last_close_at") or ticket.text("close_at")
            key = key_of(fate, pk, since)
            agent = ticket.text("updated_by", "email")
            news.append(News(happened=fate, case=number, path=path, key=key, agent=agent))
        return news


def _of_agent(article: Content, ticket: Content, *, case: str, path: str) -> list[News]:
    """An internal note may promise something; what is not internal is an answer."""
    is_internal = article.is_true("internal")
    is_html = article.text("content_type").startswith("text/html")
    line = promised_in(article.text("body"), is_html=is_html) if is_internal else ""
    if is_internal and not line:
        return []
    return [
        News(
            happened=Happened.PROMISED if line else Happened.ANSWERED,
            case=case,
            path=path,
            key=key_of("article", article.text("id")),
            at=article.instant("created_at"),
            agent=article.text("created_by", "email"),
            line=line,
            customer=_person(ticket.inside("customer")),
        )
    ]


def _person(customer: Content) -> Person:
    return Person(
        id=customer.text("id"),
        name=f"{customer.text('firstname')} {customer.text('lastname')}".strip(),
        email=customer.text("email"),
        phone=customer.text("phone") or customer.text("mobile"),
    )


SYSTEM = Zammad()
