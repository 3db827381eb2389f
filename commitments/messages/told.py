"""Was the customer told? By a message that a person wrote or approved, accepted and not returned
since, or by a call that was recorded. An automatic note tells nobody, and neither does a message
that may have arrived.

`told_at` says when last; `untold_due_at` is the earliest due time that passed into another without
the customer hearing of it in time. Both are judged at acceptance. When an accepted message comes
back they are worked out again from the history, without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime

from commitments.models import Commitment, Event, EventKind
from commitments.rules.calling import Call

from .customer import AUTOMATIC, Template

_ANNOUNCES_A_TIME = frozenset({Template.NEW_TIME, Template.SLIP})
_AGREES = frozenset({Template.AGREEMENT, Template.RECAP})
_KINDS = (
    EventKind.MOVED,
    EventKind.REOPENED,
    EventKind.CALL_TRIED,
    EventKind.MESSAGE_SENT,
    EventKind.MESSAGE_BOUNCED,
)


@dataclass(kw_only=True)
class _Silence:
    """What the customer has heard, as a history is read from its beginning."""

    told_at: datetime | None = None
    untold_due_at: datetime | None = None

    def heard(self, at: datetime, *, of_a_time: bool) -> None:
        if self.told_at is None or self.told_at < at:
            self.told_at = at
        if of_a_time and self.untold_due_at is not None and at < self.untold_due_at:
            self.untold_due_at = None

    def moved(self, old_due_at: datetime, *, at: datetime, by_phone: bool) -> None:
        """The old due time counts against us unless they hear of the new one before it."""
        if by_phone:
            self.heard(at, of_a_time=True)
        in_time = by_phone and at < old_due_at
        if not in_time and self.untold_due_at is None:
            self.untold_due_at = old_due_at


def accepted(commitment: Commitment, template: str, *, at: datetime) -> None:
    """A message to the customer was accepted."""
    if not _tells(commitment, template, at=at):
        return
    silence = _Silence(told_at=commitment.told_at, untold_due_at=commitment.untold_due_at)
    silence.heard(at, of_a_time=template in _ANNOUNCES_A_TIME)
    commitment.told_at, commitment.untold_due_at = silence.told_at, silence.untold_due_at


def _tells(commitment: Commitment, template: str, *, at: datetime) -> bool:
    """An agreement that arrives after the time it names tells nobody that it has passed."""
    if template in _AGREES:
        return at < commitment.first_due_at
    return template not in AUTOMATIC


def returned(commitment: Commitment, key: str) -> None:
    """A message that had been accepted came back: what had it told them?

    Only what it changes is written: what a promise brought along from elsewhere stays.
    """
    history = list(commitment.events.not_taken_back().filter(kind__in=_KINDS).order_by("sequence"))
    came_back = _returned_in(history)
    before, after = _read(history, came_back - {key}), _read(history, came_back | {key})
    if before.told_at != after.told_at:
        commitment.told_at = after.told_at
    if before.untold_due_at != after.untold_due_at:
        commitment.untold_due_at = after.untold_due_at


def _returned_in(history: Iterable[Event]) -> frozenset[str]:
    """The keys of the messages that came back; a complaint is about one that arrived."""
    return frozenset(
        str(event.changes.get("message"))
        for event in history
        if event.kind == EventKind.MESSAGE_BOUNCED and not event.changes.get("complaint")
    )


def _read(history: Iterable[Event], came_back: frozenset[str]) -> _Silence:
    silence = _Silence()
    for event in history:
        if event.kind == EventKind.MESSAGE_SENT:
            _hear(silence, event, came_back)
        elif event.kind == EventKind.CALL_TRIED:
            _spoken_with(silence, event)
        elif (old := _old_due_at(event)) is not None:
            if event.kind == EventKind.MOVED:
                by_phone = event.changes.get("told") == "phone"
                silence.moved(old, at=event.at, by_phone=by_phone)
            elif silence.untold_due_at is None:
                silence.untold_due_at = old
    return silence


def _hear(silence: _Silence, event: Event, came_back: frozenset[str]) -> None:
    audience, _, template = event.audience.partition(":")
    if audience != "customer" or not _tells(event.commitment, template, at=event.at):
        return
    if event.changes.get("message") not in came_back:
        silence.heard(event.at, of_a_time=template in _ANNOUNCES_A_TIME)


def _spoken_with(silence: _Silence, event: Event) -> None:
    """A call in which they were reached; a voice on their machine may never be heard."""
    if event.changes.get("call") == Call.REACHED:
        silence.heard(event.at, of_a_time=False)


def _old_due_at(event: Event) -> datetime | None:
    if event.kind == EventKind.MESSAGE_BOUNCED:
        return None
    old, _ = event.changes.get("due_at", [None, None])
    return parse_datetime(old) if old else None
