"""What became of a promise's messages, for those who may see the promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commitments.models import Commitment
from notifications import outbox

_STATES = {
    "queued": "Waits to go out",
    "leased": "On its way",
    "sent": "Sent",
    "failed": "Could not be delivered",
    "expired": "Too old to be of use, not sent",
    "cancelled": "Taken back",
    "suppressed": "This address takes no mail",
    "bundled": "Sent together with others",
    "uncertain": "May have arrived, or not",
}


@dataclass(frozen=True, kw_only=True)
class Fate:
    """One message: to whom, by which way, and how far it got."""

    to: str
    channel: str
    subject: str
    state: str
    is_trouble: bool
    reason: str
    at: datetime


def of(commitment: Commitment) -> list[Fate]:
    """Every message about this promise, newest first; one query."""
    found = outbox.deliveries_about([commitment.about])
    return [_fate(delivery) for delivery in reversed(found)]


def _fate(delivery: outbox.Standing) -> Fate:
    return Fate(
        to=delivery.name or delivery.address,
        channel="inbox" if delivery.channel == "inbox" else "e-mail",
        subject=delivery.subject or delivery.template.replace("_", " ").capitalize(),
        state=_STATES.get(delivery.state, delivery.state),
        is_trouble=delivery.state in {"failed", "suppressed", "uncertain"},
        reason=delivery.reason,
        at=delivery.settled_at or delivery.attempt_at or delivery.not_before,
    )
