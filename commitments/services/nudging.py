"""The customer is reminded of what we need from them, by a person who would not wait for the clock.

It is the one reminder: the clock's own does not follow, and after the same working days a person is
asked to decide, as after that one.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments import messages
from commitments.models import Commitment, EventKind, User

from .work import begin


@transaction.atomic
def nudge(commitment_id: int, *, by: User, now: datetime) -> Commitment:
    """Ask once more for what the promise waits for."""
    work = begin(commitment_id, "nudge", by=by, now=now)
    work.commitment.nudged_at, work.commitment.decision_asked_at = now, None
    event = work.record(EventKind.NUDGED, visible=True, audience="customer:nudge")
    work.tell_customer(messages.customer.Template.NUDGE, event)
    return work.commitment
