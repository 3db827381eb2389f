"""A message as the rows of the outbox it begins as: what it says once, and each way it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications import lengths
from notifications.envelope import Message

from .bulk import Queued, Way, Words
from .delivery import AGAIN, Delivery, State


def row(message: Message, ways: Sequence[Way]) -> Queued:
    """Each of the `ways` becomes a delivery."""
    return Queued(
        message.about,
        message.event_id,
        message.audience,
        message.person_id,
        message.name,
        message.sender,
        message.language,
        message.template,
        message.context,
        message.urgent,
        message.late,
        ways,
    )


def again(first: Delivery, which: str, *, now: datetime) -> Queued:
    """A further send in the same words, under the same key and which repeat of it this is.

    What may have arrived already says so in its headers.
    """
    audience = first.audience_name
    way = Way(
        key=f"{reason_of(first)}{AGAIN}{which}",
        channel=first.channel,
        address=first.address,
        not_before=now,
        expires_at=lengths.expiry(first.template, audience, not_before=now),
        words=Words(first.subject, first.text, first.html),
        possible_repeat=first.state in (State.UNCERTAIN, State.SENT),
    )
    return Queued(
        about=first.about,
        event_id=first.event_id,
        audience=audience,
        person_id=first.person_id,
        name=first.name,
        sender=first.sender,
        language=first.language,
        template=first.template,
        context=first.context,
        urgent=first.urgent,
        late=first.late,
        ways=[way],
    )


def reason_of(row: Delivery) -> str:
    """Its key without what says that it is a repeat."""
    return row.key.partition(AGAIN)[0]
