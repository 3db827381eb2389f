"""Reminders inside the application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications.channels import Letter, Receipt
from notifications.envelope import DeliveryError
from notifications.models import InboxItem


class Inbox:
    """The list a person finds when signed in."""

    def keep(self, letters: Sequence[Letter], *, now: datetime) -> Receipt:
        InboxItem.objects.bulk_create(
            InboxItem(
                user_id=_reader(letter),
                delivery_id=letter.delivery_id,
                about=letter.about,
                title=letter.subject,
                words=letter.text,
                created_at=now,
            )
            for letter in letters
        )
        return Receipt(provider_id="", code=200, answer="in the inbox")


def _reader(letter: Letter) -> int:
    if letter.person_id is None:
        raise DeliveryError("An inbox belongs to a person, and this names none.", permanent=True)
    return letter.person_id
