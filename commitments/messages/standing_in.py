"""What a colleague hears who is to stand in for somebody, or no longer is."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from commitments.models import Absence, User
from commitments.rules import saying
from notifications import outbox
from notifications.envelope import Message

TEMPLATE = "stands_in"
_ADVICE = "Whatever would ask {away} for something in that time asks you. Nothing is handed over."


def begins(absence: Absence, *, by: User, now: datetime) -> None:
    """You stand in, from when to when: said when it is planned, and when it is moved."""
    deputy, away = absence.deputy, absence.user.first_name
    starts, ends = (
        saying.say_time(at, zone=deputy.zone, now=now)
        for at in (absence.starts_at, absence.ends_at)
    )
    words = f"{away} is away from {starts} to {ends}, and you stand in."
    advice = _ADVICE.format(away=away)
    _tell(absence, f"You stand in for {away}", words, advice=advice, by=by, now=now)


def ends(absence: Absence, *, by: User, now: datetime) -> None:
    """You do not stand in after all, or no longer."""
    away = absence.user.first_name
    words = f"What asks {away} for something goes to {away} again, or to whoever stands in."
    _tell(absence, f"You no longer stand in for {away}", words, advice="", by=by, now=now)


def _tell(
    absence: Absence, subject: str, words: str, *, advice: str, by: User, now: datetime
) -> None:
    """To the deputy, unless it is they who planned it."""
    deputy = absence.deputy
    if deputy == by:
        return
    message = Message(
        key=f"stands_in:{absence.pk}:{now.isoformat()}:u{deputy.pk}",
        about=f"user:{deputy.pk}",
        audience="staff",
        person_id=deputy.pk,
        channel="",
        address=deputy.email,
        name=deputy.name,
        template=TEMPLATE,
        context={
            "subject": subject,
            "words": words,
            "advice": advice,
            "away": absence.user.first_name,
            "company": settings.COMPANY_NAME,
            "url": f"{settings.PUBLIC_URL}/promises/mine/",
        },
        is_escalation=True,
        not_before=now,
        sender=settings.COMPANY_NAME,
        language=deputy.language,
    )
    outbox.enqueue([message], now=now)
