"""A message as the rows of the outbox it begins as: what it says once, and each way it goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from notifications.envelope import Message

from .bulk import Row, Ways


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
