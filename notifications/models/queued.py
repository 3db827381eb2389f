"""A message as the row of the outbox it begins as; in no words yet."""

from __future__ import annotations

from datetime import datetime

from notifications import lengths
from notifications.envelope import JSON, Message


def row(
    message: Message, *, key: str, channel: str, address: str, not_before: datetime, now: datetime
) -> dict[str, JSON | datetime]:
    """It dies when it says, or else as its template and audience do, after `not_before`."""
    usual = lengths.expiry(message.template, message.audience, not_before=not_before)
    return {
        "key": key,
        "about": message.about,
        "event_id": message.event_id,
        "audience": message.audience,
        "person_id": message.person_id,
        "channel": channel,
        "address": address,
        "name": message.name,
        "sender": message.sender,
        "language": message.language,
        "template": message.template,
        "context": message.context,
        "subject": "",
        "text": "",
        "html": "",
        "urgent": message.urgent,
        "not_before": not_before,
        "expires_at": message.expires_at or usual,
        "enqueued_at": now,
        "possible_repeat": False,
        "late": message.late,
    }
