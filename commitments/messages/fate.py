"""What became of a promise's messages, for those who may see the promise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from commitments.models import Commitment
from notifications import outbox

from . import recap

_STATES = {
    "queued": "Waits to go out",
    "leased": "On its way",
    "sent": "Sent",
    "failed": "Could not be delivered",
    "bounced": "Came back",
    "expired": "Too old to be of use, not sent",
    "cancelled": "Taken back",
    "suppressed": "This address takes no mail",
    "bundled": "Sent together with others",
    "uncertain": "May have arrived, or not",
}

_TROUBLES = frozenset({"failed", "bounced", "suppressed", "uncertain"})
_CHANNELS = {"email": "e-mail", "sms": "text message"}


@dataclass(frozen=True, kw_only=True)
class Fate:
    """One message: to whom, by which way, and how far it got."""

    id: int
    to: str
    channel: str
    subject: str
    state: str
    is_trouble: bool
    reason: str
    at: datetime
    needs_a_person: bool
    is_for_customer: bool
    instead: str


def of(commitment: Commitment) -> list[Fate]:
    """Every message about this promise, newest first; one query."""
    found = outbox.deliveries_about([commitment.about, recap.about(commitment.conversation_id)])
    return [_fate(each) for each in reversed(found) if _speaks_of(commitment, each)]


def _speaks_of(commitment: Commitment, delivery: outbox.Standing) -> bool:
    """A mail about the whole conversation names those that stand in it."""
    return delivery.about == commitment.about or commitment.pk in recap.covered_by(delivery.key)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a customer reads: put into words when it was enqueued, and sent like that."""

    to: str
    subject: str
    text: str
    not_before: datetime


def letters(commitment: Commitment, event_ids: Collection[int]) -> list[Letter]:
    """What went into the outbox for the customer because of these events; one query."""
    return [
        _letter(delivery)
        for delivery in outbox.deliveries_about([commitment.about])
        if delivery.audience == "customer" and delivery.event_id in event_ids
    ]


def letters_about(subjects: Sequence[str]) -> list[Letter]:
    """What is in the outbox for customers about these, oldest first; one query."""
    found = outbox.deliveries_about(subjects)
    return [_letter(delivery) for delivery in found if delivery.audience == "customer"]


def _letter(delivery: outbox.Standing) -> Letter:
    return Letter(
        to=delivery.address,
        subject=delivery.subject,
        text=delivery.text,
        not_before=delivery.not_before,
    )


def _fate(delivery: outbox.Standing) -> Fate:
    state = "bounced" if delivery.bounced_at else delivery.state
    is_for_customer = delivery.audience == "customer"
    return Fate(
        id=delivery.id,
        to=delivery.name or delivery.address,
        channel=_CHANNELS.get(delivery.channel, delivery.channel),
        subject=delivery.subject or delivery.template.replace("_", " ").capitalize(),
        state=_STATES.get(state, state),
        is_trouble=state in _TROUBLES or (state == "expired" and is_for_customer),
        reason=delivery.reason.removeprefix("bounced: "),
        at=delivery.settled_at or delivery.attempt_at or delivery.not_before,
        needs_a_person=delivery.needs_a_person,
        is_for_customer=is_for_customer,
        instead=delivery.instead,
    )
