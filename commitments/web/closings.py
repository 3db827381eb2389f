"""Who ended a promise, and when: what somebody reads who was about to do something with it."""

from __future__ import annotations

from datetime import datetime

from commitments.models import Commitment, EventKind
from commitments.rules import saying

_DEEDS = {
    EventKind.FULFILLED: "marked this done",
    EventKind.RELEASED: "closed this as no longer wanted",
    EventKind.ABANDONED: "closed this as one we cannot keep",
    EventKind.VOIDED: "closed this as logged by mistake",
    EventKind.UNDONE: "took this promise back",
}


def said_of(commitment: Commitment, *, zone: str, now: datetime) -> str:
    """`Dev marked this done today at 2:08 pm.`; nothing where it is open."""
    if commitment.is_live:
        return ""
    ended = commitment.events.filter(kind__in=_DEEDS).newest_first().first()
    if ended is None:
        return ""
    who = ended.actor.first_name if ended.actor else commitment.customer.first_name
    at = saying.say_time_inside(ended.at, zone=zone, now=now)
    return f"{who} {_DEEDS[EventKind(ended.kind)]} {at}."
