"""The addresses of a customer's own pages. Each is a secret of theirs."""

from __future__ import annotations

from datetime import datetime

from commitments import links
from commitments.models import CheckIn, Conversation, Customer


def status_path(conversation: Conversation, *, now: datetime) -> str:
    """The address of the customer's page about one conversation."""
    token = links.write(
        purpose=links.Purpose.STATUS,
        subject=conversation.pk,
        version=link_version(conversation.customer, conversation),
        now=now,
    )
    return f"/c/{token}/"


def check_in_path(check_in: CheckIn, *, now: datetime) -> str:
    token = links.write(
        purpose=links.Purpose.CHECK_IN,
        subject=check_in.pk,
        version=link_version(check_in.customer),
        now=now,
    )
    return f"/c/{token}/check-in/"


def link_version(customer: Customer, conversation: Conversation | None = None) -> str:
    """What a link was made from; raising either row's version revokes it."""
    own = conversation.link_version if conversation else 0
    return f"{customer.link_version}.{own}"
