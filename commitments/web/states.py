"""How a promise's state looks: an icon, a word, a colour, in that order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commitments.models import Commitment
from commitments.rules.lifecycle import Outcome, Status


@dataclass(frozen=True)
class State:
    """`tone` is a class of app.css, `icon` a name of the icon set, `words` what is read."""

    tone: str
    icon: str
    words: str


OVERDUE = State("late", "clock-alert", "Overdue")
DUE_SOON = State("soon", "clock", "Due soon")
COMING_UP = State("quiet", "circle-dashed", "Coming up")
WAITING = State("wait", "hourglass", "Waiting on the customer")

ENDINGS = {
    Outcome.ON_TIME: State("kept", "circle-check", "Kept on time"),
    Outcome.MOVED: State("kept", "circle-check", "Moved, customer told first"),
    Outcome.LATE: State("soon", "circle-check", "Kept late"),
    Outcome.BROKEN: State("late", "circle-x", "We cannot keep it"),
    Outcome.RELEASED: State("quiet", "ban", "No longer wanted"),
    Outcome.VOID: State("quiet", "ban", "Logged by mistake"),
}


def of(commitment: Commitment, *, now: datetime, soon: bool = False) -> State:
    """The state to show; `soon` says that its first reminder is behind us."""
    if not commitment.is_live:
        return ENDINGS[Outcome(commitment.outcome)]
    if commitment.status == Status.WAITING:
        return WAITING
    if commitment.is_overdue(now):
        return OVERDUE
    return DUE_SOON if soon else COMING_UP


def is_soon(commitment: Commitment, *, now: datetime) -> bool:
    """From the first step before due on, which was climbed, or is owed and about to be."""
    owed_at = commitment.next_action_at
    is_owed = commitment.next_action == "step" and owed_at is not None and owed_at <= now
    return commitment.climbed > 0 or is_owed
