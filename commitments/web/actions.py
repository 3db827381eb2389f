"""What can be done with a promise now, most likely first, each a link to its form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commitments.models import Commitment
from commitments.rules.lifecycle import Status


@dataclass(frozen=True, kw_only=True)
class Action:
    """A verb as a link to its form; `key` presses it, if there is one.

    `is_a_page`: it takes a whole page, and is not opened in place.
    """

    verb: str
    label: str
    icon: str
    key: str = ""
    is_a_page: bool = False


_DONE = Action(verb="done", label="Mark done", icon="check", key="D")
_MOVE = Action(verb="move", label="Move the time", icon="calendar-clock", key="M")
_HAVE = Action(verb="acknowledge", label="I have it", icon="hand")
_HAND_OVER = Action(verb="hand-over", label="Hand over", icon="arrow-right-left", key="H")
_CAUSE = Action(verb="cause", label="Say why it was late", icon="circle-question-mark")
_OTHER_CAUSE = Action(verb="cause", label="Change the cause", icon="circle-question-mark")
_RENEW = Action(verb="renew-link", label="The customer's link", icon="link")
_THANK = Action(verb="thank", label="Thank a colleague", icon="heart")
_REST = (
    Action(verb="remind", label="Remind me", icon="bell", key="S"),
    Action(verb="help", label="Ask for a hand", icon="life-buoy"),
    Action(verb="close", label="Close another way", icon="circle-x"),
)


def primary_of(commitment: Commitment, *, now: datetime) -> Action | None:
    """The one primary button: telling the customer comes before all else."""
    first = commitment.customer.first_name
    if not commitment.is_live:
        return None
    if commitment.is_not_told(now):
        return _make_right(f"Tell {first} and set a new time", icon="send")
    if commitment.is_waiting:
        return Action(verb="resume", label=f"{first} answered, go on", icon="play")
    return _DONE


def next_of(commitment: Commitment, *, now: datetime) -> list[Action]:
    """The other things that are often done with a promise like this."""
    if not commitment.is_live:
        mistaken = commitment.status == Status.VOID
        again = Action(verb="reopen", label="Open again", icon="rotate-ccw")
        unexplained = [_CAUSE] if commitment.was_broken(now) and not commitment.cause else []
        return [] if mistaken else [*unexplained, again]
    if commitment.is_waiting:
        return [_DONE, _MOVE, _HAND_OVER]
    if not commitment.kind.for_customers:
        return [_MOVE, _HAND_OVER]
    if not commitment.is_overdue(now):
        label = f"Waiting on {commitment.customer.first_name}"
        wait = Action(verb="wait", label=label, icon="hourglass", key="W")
        return [_MOVE, wait, _HAND_OVER]
    again = _make_right(f"Make it right with {commitment.customer.first_name}")
    return [_DONE if commitment.is_not_told(now) else again, _HAVE, _HAND_OVER]


def more_of(commitment: Commitment) -> list[Action]:
    """What is done more rarely."""
    if commitment.status == Status.VOID:
        return []
    if commitment.status == Status.FULFILLED:
        label = f"Ask {commitment.customer.first_name} how it went"
        return [_THANK, Action(verb="check-in", label=label, icon="smile"), _RENEW]
    thank = [_THANK] if commitment.was_recovered else []
    if not commitment.is_live:
        return [*([_OTHER_CAUSE] if commitment.cause else []), *thank, _RENEW]
    call = Action(verb="attempt", label="Log a call", icon="phone")
    return [*([call] if commitment.customer.phone else []), *_REST, *thank, _RENEW]


def _make_right(label: str, *, icon: str = "calendar-clock") -> Action:
    """All that a missed time asks for, on one screen."""
    return Action(verb="make-right", label=label, icon=icon, key="M", is_a_page=True)
