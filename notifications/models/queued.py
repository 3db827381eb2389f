"""A message as the rows of the outbox it begins as: what it says once, and each way it goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from notifications import lengths
from notifications.envelope import Message

from .bulk import Row, Ways
from .delivery import AGAIN, Delivery, State


def row(message: Message, ways: Iterable[Row], *, now: datetime) -> Ways:
    """Each of the `ways` becomes a delivery."""
    return {
        "about": message.about,
        "event_id": message.event_id,
        "audience": message.audience,
        "person_id": message.person_id,
        "name": message.name,
        "sender": message.sender,
        "language": message.language,
        "template": message.template,
        "context": message.context,
        "urgent": message.urgent,
        "enqueued_at": now,
        "late": message.late,
        "ways": list(ways),
    }


def way(
    message: Message, channel: str, key: str, address: str, not_before: datetime, *, life: timedelta
) -> dict[str, str | datetime]:
    """In no words yet. It dies when it says, or else after the `life` of its kind."""
    return {
        "key": key,
        "channel": channel,
        "address": address,
        "not_before": not_before,
        "expires_at": message.expires_at or not_before + life,
    }


def again(first: Delivery, which: str, *, now: datetime) -> Ways:
    """A further send in the same words, under the same key and which repeat of it this is.

    What may have arrived already says so in its headers.
    """
    audience = first.audience_name
    way: Row = {
        "key": f"{reason_of(first)}{AGAIN}{which}",
        "channel": first.channel,
        "address": first.address,
        "not_before": now,
        "expires_at": lengths.expiry(first.template, audience, not_before=now),
        "subject": first.subject,
        "text": first.text,
        "html": first.html,
        "possible_repeat": first.state in (State.UNCERTAIN, State.SENT),
    }
    return {
        "about": first.about,
        "event_id": first.event_id,
        "audience": audience,
        "person_id": first.person_id,
        "name": first.name,
        "sender": first.sender,
        "language": first.language,
        "template": first.template,
        "context": first.context,
        "urgent": first.urgent,
        "enqueued_at": now,
        "late": first.late,
        "ways": [way],
    }


def reason_of(row: Delivery) -> str:
    """Its key without what says that it is a repeat."""
    return row.key.partition(AGAIN)[0]
