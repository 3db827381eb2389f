"""Thanks from a colleague, as a message to the one who is thanked, and to nobody in their place."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from commitments.models import Thanks
from notifications.envelope import Message

TEMPLATE = "thanks"


def key_of(given: Thanks) -> str:
    """How the keys of its messages begin."""
    return f"thanks:{given.pk}:"


def to(given: Thanks, *, now: datetime) -> Message:
    """It can wait until they are at work, and is theirs even when they have changed teams."""
    person, commitment = given.receiver, given.commitment
    return Message(
        key=f"{key_of(given)}u{person.pk}",
        about=f"user:{person.pk}",
        audience="staff",
        person_id=person.pk,
        channel="",
        address=person.email,
        name=person.name,
        template=TEMPLATE,
        context={
            "person": person.first_name,
            "giver": given.giver.name,
            "words": given.words,
            "is_shared": given.shared,
            "wording": commitment.wording,
            "customer": commitment.customer.first_name,
            "company": settings.COMPANY_NAME,
            "url": f"{settings.PUBLIC_URL}/promises/{commitment.reference}/",
        },
        not_before=now,
        sender=settings.COMPANY_NAME,
        language=person.language,
    )
