"""Where somebody is signed in, and how it ends there."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from commitments.models import Session

from . import account_log


def of(user_id: int, *, now: datetime) -> QuerySet[Session]:
    """The one that was used last comes first."""
    return Session.objects.filter(user=user_id, expire_date__gt=now).order_by("-seen_at")


def end(user_id: int, mark: str, *, now: datetime) -> bool:
    """End one of this person's; False where it ended before, or is somebody else's."""
    for session in of(user_id, now=now):
        if session.mark == mark:
            session.delete()
            account_log.note("session ended", user_id=user_id)
            return True
    return False


def end_all(user_id: int, *, but: str | None = None) -> int:
    """How many ended; the one whose key is `but` goes on."""
    ended, _ = Session.objects.filter(user=user_id).exclude(session_key=but or "").delete()
    if ended:
        account_log.note("sessions ended", user_id=user_id)
    return ended
