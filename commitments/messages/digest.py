"""The morning digest of one person, as a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from commitments.models import Commitment, User
from commitments.rules import saying
from notifications.envelope import JSON, Message

TEMPLATE = "digest"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some promises under one heading: the first of them, and how many there are in all."""

    heading: str
    promises: Sequence[Commitment]
    count: int
    names_owner: bool = False


def to(person: User, parts: Sequence[Part], *, day: date, now: datetime) -> Message:
    """One digest a person and day: the same day never makes another.

    Somebody asked for it, so it comes even by ways that carry only what asks for them.
    """
    return Message(
        key=f"digest:u{person.pk}:{day.isoformat()}",
        about=f"user:{person.pk}",
        audience="staff",
        person_id=person.pk,
        channel="",
        address=person.email,
        name=person.name,
        template=TEMPLATE,
        context={
            "person": person.first_name,
            "day": saying.say_day(now, zone=person.zone, now=now),
            "summary": _summary(parts),
            "parts": [_part(part, person, now=now) for part in parts],
            "company": settings.COMPANY_NAME,
            "url": f"{settings.PUBLIC_URL}/promises/mine/",
            "settings_url": f"{settings.PUBLIC_URL}/me/messages/",
        },
        is_escalation=True,
        not_before=now,
        sender=settings.COMPANY_NAME,
        language=person.language,
    )


def _summary(parts: Sequence[Part]) -> str:
    """In the subject: "2 overdue, 3 due today"."""
    return ", ".join(f"{part.count} {part.heading.lower()}" for part in parts)


def _part(part: Part, person: User, *, now: datetime) -> dict[str, JSON]:
    return {
        "heading": part.heading,
        "count": part.count,
        "more": part.count - len(part.promises),
        "lines": [
            {
                "wording": promise.wording,
                "customer": promise.customer.name,
                "due": saying.say_time(promise.due_at, zone=person.zone, now=now),
                "owner": _owner(promise) if part.names_owner else "",
                "is_silent": promise.is_not_told(now),
                "waiting_for": promise.waiting_for,
                "url": f"{settings.PUBLIC_URL}/promises/{promise.reference}/",
            }
            for promise in part.promises
        ],
    }


def _owner(promise: Commitment) -> str:
    return promise.owner.first_name if promise.owner else "nobody yet"
