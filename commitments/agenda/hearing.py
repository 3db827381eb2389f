"""By when the customer of a promise that is late hears from us: on their page, and in the note."""

from __future__ import annotations

from datetime import datetime

from commitments.errors import CommitmentError
from commitments.models import Commitment

from .coming import upcoming
from .standing import Standing, Terms


def hear_by(commitment: Commitment, terms: Terms, *, now: datetime) -> datetime | None:
    """The next working moment at which the ladder asks somebody, or, once it has ended, the end of
    the working day after; None when that has passed as well, or the team never opens.
    """
    try:
        steps = upcoming(Standing.of(commitment), terms)
        ahead = next((at for _, at in steps if at > now), None)
        if ahead is not None:
            return terms.hours.next_open(ahead)
        closing = terms.hours.closing(commitment.last_step_at or commitment.due_at, 1)
    except CommitmentError:
        return None
    return closing if closing > now else None
