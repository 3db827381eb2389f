"""Whether a callback counts as attempted: its tries, and what the customer was written since.

The rule stands in `rules.calling`. What a person wrote or approved counts once it was accepted, and
no more once it has come back; what a machine sent does not count, nor the summary of what was
agreed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from commitments.models import Commitment, EventKind
from commitments.rules import calling

from .customer import Template

_SAYS_WHERE_IT_STANDS = frozenset(
    {Template.PROGRESS, Template.NEW_TIME, Template.SLIP, Template.NEED, Template.CANNOT_KEEP}
)


def mark(commitment: Commitment) -> None:
    """After a try: does it count as attempted from now on? Once it does, it stays so."""
    if commitment.is_callback and commitment.attempted_at is None:
        commitment.attempted_at = _attempted_at(commitment, window=commitment.window)


def accepted(commitment: Commitment, template: str, *, at: datetime) -> None:
    """A message to the customer was accepted, which may be what two tries were still lacking."""
    is_open = commitment.is_callback and commitment.attempted_at is None
    if is_open and template in _SAYS_WHERE_IT_STANDS:
        commitment.attempted_at = _attempted_at(commitment, window=commitment.window, beside=at)


def returned(commitment: Commitment, key: str) -> None:
    """A message that had been accepted came back: without it, was it attempted?"""
    marked_at = commitment.attempted_at
    if marked_at is None:
        return
    window = commitment.window
    if commitment.revised_at > marked_at:  # moved since: the tries lay in a window that is gone
        window = calling.Window(starts_at=commitment.promised_at, ends_at=marked_at)
    commitment.attempted_at = _attempted_at(commitment, window=window, without=key)


def _attempted_at(
    commitment: Commitment,
    *,
    window: calling.Window,
    beside: datetime | None = None,
    without: str = "",
) -> datetime | None:
    tries = commitment.tries()
    if not calling.counted(tries, window):
        return None
    heard = list(_accepted(commitment, without=without))
    messages = heard if beside is None else [*heard, beside]
    return calling.attempted_at(tries, window=window, messages=messages)


def _accepted(commitment: Commitment, *, without: str) -> Iterable[datetime]:
    kinds = (EventKind.MESSAGE_SENT, EventKind.MESSAGE_BOUNCED)
    history = list(commitment.events.filter(kind__in=kinds).order_by("sequence"))
    came_back = {
        event.changes.get("message")
        for event in history
        if event.kind == EventKind.MESSAGE_BOUNCED and not event.changes.get("complaint")
    }
    for event in history:
        audience, _, template = event.audience.partition(":")
        if event.kind != EventKind.MESSAGE_SENT or audience != "customer":
            continue
        key = event.changes.get("message")
        if template in _SAYS_WHERE_IT_STANDS and key not in came_back | {without}:
            yield event.at
