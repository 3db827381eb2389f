"""What a check-in holds while it is worked on, and what holds it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from commitments import lengths
from commitments.messages.timeline import append
from commitments.models import (
    CheckIn,
    CheckInAnswer,
    Commitment,
    Customer,
    Event,
    EventKind,
    Occurrence,
)

STALE = "its day passed while nothing could be sent; a colleague says whether it is asked"
"""As it stands on the timeline. Unlike the reasons below it does not pass by itself."""


class Why(StrEnum):
    """In words that stand on the timeline."""

    OWED = "another promise to this customer is still open"
    DISPUTED = "the customer disputes a promise"
    UNANSWERED = "the customer waits for an answer from us"
    JUST_ASKED = "this customer was asked only a few days ago"


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Why the customer is not to be asked now; `until` where that is known."""

    why: Why
    until: datetime | None = None


def hold(pk: int, *, skip_locked: bool) -> tuple[CheckIn | None, list[Commitment]]:
    """Hold promises, customer and check-in, in this order; none where somebody else holds one."""
    commitments = list(
        Commitment.objects.filter(check_in_items__check_in=pk)
        .held(skip_locked=skip_locked)
        .order_by("promised_at", "pk")
    )
    check_ins = CheckIn.objects.filter(pk=pk)
    customers = Customer.objects.filter(check_ins__in=check_ins)
    held = customers.select_for_update(of=("self",), skip_locked=skip_locked).first()
    check_in = (
        check_ins.select_for_update(of=("self",), skip_locked=skip_locked)
        .select_related("customer")
        .first()
    )
    if held is None or check_in is None or check_in.items.count() != len(commitments):
        return None, []
    return check_in, commitments


def obstacle(customer_id: int, *, now: datetime) -> Obstacle | None:
    """What stands in the way of asking this customer how it went."""
    theirs = Commitment.objects.filter(customer=customer_id)
    if theirs.live().exists():
        return Obstacle(why=Why.OWED)
    if theirs.filter(disputed_at__isnull=False).exists():
        return Obstacle(why=Why.DISPUTED)
    if theirs.filter(customer_asked_at__isnull=False).exists():
        return Obstacle(why=Why.UNANSWERED)
    cooldown = lengths.current().cooldown
    asked = CheckIn.objects.filter(customer=customer_id, sent_at__gt=now - cooldown)
    last = asked.order_by("-sent_at").first()
    if last is not None and last.sent_at is not None:
        return Obstacle(why=Why.JUST_ASKED, until=last.sent_at + cooldown)
    return None


def note(
    commitments: list[Commitment],
    kind: EventKind,
    said: str,
    *,
    facts: Mapping[str, Any] | None = None,  # Any: JSON
    now: datetime,
) -> list[Event]:
    """A line on the timeline of each promise it asks about."""
    lines: list[Event] = []
    for commitment in commitments:
        occurrence = Occurrence(
            kind=kind, at=now, recorded_at=now, words=said, changes=dict(facts or {})
        )
        lines.append(append(commitment, occurrence))
        commitment.save(update_fields=["event_count", "head_hash"])
    return lines


def facts_of(answer: CheckInAnswer) -> dict[str, Any]:  # Any: JSON
    """What an answer's line says beside its words, which may be erased."""
    chosen = {"rating": answer.rating, "done": answer.done, "still_open": answer.still_open}
    return chosen if answer.confirmed else chosen | {"doubted": True}
