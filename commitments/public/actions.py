"""What a customer can do about one promise now, each a link to a page that explains it first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from commitments import lengths
from commitments.models import Commitment
from commitments.rules.lifecycle import Status

from .histories import History


@dataclass(frozen=True, kw_only=True)
class Action:
    """`name` is the last part of its address, and of that of its page in `urls`."""

    name: str
    label: str
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Actions:
    """`first` is the likeliest, `then` the one beside it, `more` are folded.

    `agreed` asks whether this is what was agreed, until somebody has said so.
    """

    first: Action | None = None
    then: Action | None = None
    agreed: tuple[Action, ...] = ()
    more: tuple[Action, ...] = ()

    def offers(self, name: str) -> bool:
        each = (self.first, self.then, *self.agreed, *self.more)
        return any(action is not None and action.name == name for action in each)


def of(commitment: Commitment, history: History, *, now: datetime) -> Actions:
    if commitment.is_live:
        return _of_live(commitment, history, now=now)
    if commitment.status == Status.FULFILLED:
        not_done = Action(name="not-done", label=gettext("It is not done"), icon="rotate-ccw")
        return Actions(first=_write(), then=not_done)
    if take_back_until(commitment, history, now=now) is not None:
        needed = Action(name="needed", label=gettext("I need it after all"), icon="rotate-ccw")
        return Actions(first=needed, then=_write())
    return Actions(first=_write())


def _of_live(commitment: Commitment, history: History, *, now: datetime) -> Actions:
    is_ahead = commitment.due_at > now
    wrong = Action(name="wrong", label=gettext("Something's off"), icon="message-circle-warning")
    right = Action(name="right", label=gettext("That's right"), icon="thumbs-up")
    is_disputed = commitment.disputed_at is not None
    asks = is_ahead and not history.is_confirmed and not is_disputed
    rest = [
        is_ahead and Action(name="calendar", label=gettext("Add to calendar")),
        not asks and not is_disputed and wrong,
        Action(name="not-needed", label=gettext("I no longer need this")),
    ]
    return Actions(
        first=_send_it() if commitment.is_waiting else _write(),
        then=_other_time() if is_ahead else None,
        agreed=(right, wrong) if asks else (),
        more=tuple(each for each in rest if isinstance(each, Action)),
    )


def take_back_until(commitment: Commitment, history: History, *, now: datetime) -> datetime | None:
    """What they let go of themselves they may take back, until then."""
    released, closed_at = history.released, commitment.closed_at
    if commitment.status != Status.RELEASED or released is None or closed_at is None:
        return None
    until = closed_at + lengths.current().release_taken_back_within
    return until if released.actor_id is None and now <= until else None


def _write() -> Action:
    return Action(
        name="reply", label=gettext("Add something or ask a question"), icon="message-circle"
    )


def _send_it() -> Action:
    return Action(name="reply", label=gettext("Send it to us"), icon="message-circle")


def _other_time() -> Action:
    return Action(name="other-time", label=gettext("That time does not work for me"))
