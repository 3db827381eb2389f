"""What a customer said that nobody has answered yet, and what to do about it next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateparse import parse_datetime

from commitments.models import Attachment, Commitment, Event, EventKind
from commitments.rules import saying

_KINDS = (EventKind.DISPUTED, EventKind.OTHER_TIME_ASKED, EventKind.CUSTOMER_WROTE)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """`move_url` agrees the time they would rather have; `answer_by` is when we said we answer.

    `makes_right`: the time has passed already, so that agreeing theirs is to make it right.
    """

    title: str
    icon: str
    words: str
    at: datetime
    answer_by: datetime | None
    is_late: bool
    wanted_at: datetime | None
    move_url: str
    makes_right: bool
    answer_url: str
    attachment: Attachment | None


def of(commitment: Commitment, *, zone: str, now: datetime) -> Heard | None:
    """The dispute, or else the newest word; None, and no query, where all is answered."""
    if not commitment.awaits_answer:
        return None
    kinds = _KINDS[:1] if commitment.disputed_at is not None else _KINDS
    event = commitment.events.filter(kind__in=kinds).newest_first().first()
    if event is None:
        return None
    answer_by, wanted_at = _instant(event, "answer_by"), _instant(event, "wanted_at")
    title, icon = _said(EventKind(event.kind), commitment.customer.first_name)
    return Heard(
        title=title,
        icon=icon,
        words=event.words,
        at=event.at,
        answer_by=answer_by,
        is_late=answer_by is not None and answer_by < now,
        wanted_at=wanted_at,
        move_url=_move_url(commitment, wanted_at, zone=zone, now=now),
        makes_right=commitment.is_overdue(now),
        answer_url=reverse("web:verb", args=[commitment.reference, "answer"]),
        attachment=getattr(event, "attachment", None),
    )


def _said(kind: EventKind, first: str) -> tuple[str, str]:
    match kind:
        case EventKind.DISPUTED:
            return f"{first} says that this is not right", "message-circle-warning"
        case EventKind.OTHER_TIME_ASKED:
            return f"The time does not suit {first}", "calendar-clock"
        case _:
            return f"{first} wrote to us", "message-circle"


def _move_url(
    commitment: Commitment, wanted_at: datetime | None, *, zone: str, now: datetime
) -> str:
    if wanted_at is None or wanted_at <= now or not commitment.is_live:
        return ""
    when = saying.say_time(wanted_at, zone=zone, now=now)
    verb = "make-right" if commitment.is_overdue(now) else "move"
    path = reverse("web:verb", args=[commitment.reference, verb])
    return f"{path}?{urlencode({'when': when})}"


def _instant(event: Event, name: str) -> datetime | None:
    said = event.changes.get(name)
    return parse_datetime(said) if isinstance(said, str) else None
