"""What goes to a program that listens: a step was taken. Facts only, and nobody's name or words."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from commitments.models import Commitment, Event
from notifications import outbox
from notifications.envelope import Message

CHANNEL = "webhook"
TEMPLATE = "webhook_step"
TYPE = "promise.step_taken"


def listeners() -> dict[str, str]:
    """The names of the programs that listen, by the tokens that steps know them by."""
    return {f"{CHANNEL}:{pk}": name for pk, name in outbox.listeners().items()}


def step_taken(
    commitment: Commitment,
    token: str,
    *,
    name: str,
    event: Event,
    reason: str,
    now: datetime,
    late: bool = False,
) -> Message:
    """One message to one endpoint, which is named: where it is, and its secret, stay where they
    are kept.
    """
    pk = token.partition(":")[2]
    return Message(
        key=f"{reason}:e{pk}:{CHANNEL}",
        about=commitment.about,
        event_id=event.pk,
        audience="staff",
        person_id=None,
        channel=CHANNEL,
        address=f"endpoint:{pk}",
        name=name,
        template=TEMPLATE,
        context={
            "type": TYPE,
            "timestamp": event.at.isoformat(),
            "reference": commitment.reference,
            "url": f"{settings.PUBLIC_URL}/promises/{commitment.reference}/",
            "team": commitment.team.name,
            "kind": commitment.kind.code,
            "urgent": commitment.urgent,
            "due_at": commitment.due_at.isoformat(),
            "is_overdue": commitment.is_overdue(now),
            "is_not_told": commitment.is_not_told(now),
            "revision": event.revision,
            "step": event.step,
            "repetition": event.repetition,
        },
        urgent=commitment.urgent,
        late=late,
        not_before=now,
        sender=settings.COMPANY_NAME,
    )
