"""What was written to one customer: all of it, and no word of it any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from commitments.models import Customer, Thanks
from notifications import outbox

from . import thanks
from .stopping import all_about


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One message to them, and how far it got. Old ones have lost their text."""

    at: datetime
    to: str
    name: str
    channel: str
    state: str
    reason: str
    subject: str
    text: str


def letters_to(customer: Customer) -> list[Sent]:
    """Everything that went to them, or was to go, oldest first; one query."""
    return [
        Sent(
            at=each.settled_at or each.attempt_at or each.not_before,
            to=each.address,
            name=each.name,
            channel=each.channel,
            state="bounced" if each.bounced_at else each.state,
            reason=each.reason,
            subject=each.subject,
            text=each.text,
        )
        for each in outbox.deliveries_about(all_about(customer))
        if each.audience == "customer"
    ]


def closed_to(customer: Customer, *, addresses: Collection[str]) -> list[outbox.Closed]:
    """Which of these, and of those that they were written to at, take no more messages."""
    return outbox.closed(all_about(customer), addresses=addresses)


def forget(customer: Customer, *, addresses: Collection[str], now: datetime) -> int:
    """Nothing goes out to them any more. Answers how many messages lost their words."""
    given = Thanks.objects.filter(commitment__customer=customer)
    keys = [thanks.key_of(each) for each in given]
    return outbox.forget(all_about(customer), keys=keys, addresses=addresses, now=now)


def forget_mentions(words: Collection[str]) -> int:
    """Digests and reports to colleagues that say one of these words lose all of theirs."""
    return outbox.forget_mentions(words)
