"""I9: compares what happened on a ladder with what the ladder says should have.

The events are folded from the first on, so that each step is judged by the deadline and the version
that were in force when it was taken. Steps are known by their numbers, which outlive versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from commitments import agenda
from commitments.models import Commitment, Event, EventKind
from commitments.rules import ladder
from commitments.rules.lifecycle import Status

from .grounds import Grounds

_STEPS: Final = (EventKind.STEP_TAKEN, EventKind.STEP_COALESCED, EventKind.STEP_PASSED_OVER)
_BEGINS_ANEW: Final = (EventKind.MOVED, EventKind.REOPENED, EventKind.RESUMED)
_CLOSES: Final = (
    EventKind.FULFILLED,
    EventKind.RELEASED,
    EventKind.ABANDONED,
    EventKind.VOIDED,
)
# Clocks that follow from no ladder: set aside because it raised, or to be looked at anew.
_BESIDE_THE_LADDER: Final = ("put_off", "look")
_FACTS: Final = ("due_at", "revised_at", "policy_version_id", "status", "breached_again")


class Climb:
    """One promise on its ladder, from its first event to its last."""

    def __init__(self, commitment: Commitment, events: Sequence[Event], grounds: Grounds) -> None:
        self._commitment = commitment
        self._events = events
        self._grounds = grounds
        self._facts: dict[str, Any] = {}  # Any: column values as JSON
        self._seen: dict[tuple[int, int], datetime] = {}
        self._done: set[int] = set()
        self._place = -1
        self._replanned_at: datetime | None = None
        self._taken: set[tuple[int, int, int]] = set()
        self._breaches: set[datetime] = set()

    def differences(self) -> Iterator[str]:
        """A sentence for each way in which the events differ from the ladder."""
        for event in self._events:
            if event.kind in _STEPS and event.step is not None:
                yield from self._step(event, event.step)
            yield from self._breach(event)
            self._fold(event)
        yield from self._unseen()
        yield from self._clock()

    def _fold(self, event: Event) -> None:
        changed = {name: event.changes[name][1] for name in _FACTS if name in event.changes}
        self._facts |= changed
        if event.kind in _BEGINS_ANEW:
            self._done.clear()
        if event.kind in (*_BEGINS_ANEW, EventKind.UNDONE, EventKind.REPLANNED):
            self._place = -1
        if event.kind == EventKind.REPLANNED:
            self._replanned_at = event.recorded_at

    def _at(self, name: str) -> datetime | None:
        value = self._facts.get(name)
        return datetime.fromisoformat(value) if isinstance(value, str) else None

    def _steps(self) -> ladder.Ladder:
        return self._grounds.ladder(int(self._facts.get("policy_version_id") or 0))

    def _step(self, event: Event, number: int) -> Iterator[str]:
        key = (event.revision, number, event.repetition)
        if key in self._taken:
            yield f"took step {number} twice"
            return
        self._taken.add(key)
        self._done.add(number)
        place = next((at for at, step in enumerate(self._steps()) if step.number == number), None)
        if place is None:
            yield f"took step {number}, which its policy does not have"
            return
        # What a re-plan passes over may stand behind a step that is still owed.
        if event.repetition == 0 and not self._is_replanned(event):
            if place <= self._place:
                yield f"took step {number} out of order"
            self._place = max(place, self._place)
        if event.kind != EventKind.STEP_PASSED_OVER and self._is_early(event, place):
            yield f"took step {number} before its moment"
        self._seen[event.revision, number] = event.recorded_at

    def _is_replanned(self, event: Event) -> bool:
        return event.kind == EventKind.STEP_PASSED_OVER and event.recorded_at == self._replanned_at

    def _is_early(self, event: Event, place: int) -> bool:
        moment = self._moment(event, place)
        is_early = moment is not None and event.recorded_at < moment
        return is_early and not self._had_other_hours(event.recorded_at)

    def _had_other_hours(self, at: datetime) -> bool:
        """Whether the hours by which it is judged now may not be those of an instant."""
        handed_on = (
            event.recorded_at
            for event in self._events
            if event.changes.get("team_id", [None])[0] is not None
        )
        later = max(handed_on, default=at) > at
        return later or self._grounds.edited_since(self._commitment, at)

    def _moment(self, event: Event, place: int) -> datetime | None:
        """When a step is to be taken, as far as the deadline and the one before it say."""
        steps, due_at, since = self._steps(), self._at("due_at"), self._at("revised_at")
        step = steps[place]
        if due_at is None or since is None:
            return None
        hours = self._grounds.hours(self._commitment)
        if event.repetition:
            said_at = self._seen.get((event.revision, step.number))
            return step.again_after(said_at, hours=hours) if said_at is not None else None
        if self._facts.get("breached_again") and not step.is_before_due:
            return due_at  # a second breach leads straight to the manager
        laid = ladder.laid(steps[: place + 1], since=since, due_at=due_at, hours=hours)
        return max(at for _, at in laid)

    def _breach(self, event: Event) -> Iterator[str]:
        due_at = self._at("due_at")
        if event.kind == EventKind.BREACHED:
            self._breaches.add(event.at)
            if due_at is not None and event.at != due_at:
                yield f"was broken at {event.at:%F %T}, and was due at {due_at:%F %T}"
        was_open = self._facts.get("status") == Status.OPEN
        if event.kind not in _CLOSES or not was_open or due_at is None:
            return
        if due_at <= event.recorded_at and due_at not in self._breaches:
            yield "was closed after its time, and no breach is on its timeline"

    def _unseen(self) -> Iterator[str]:
        """Steps behind the climb that were neither taken, coalesced nor passed over."""
        commitment = self._commitment
        steps = self._grounds.ladder(commitment.policy_version_id)
        behind = [step.number for step in steps[: commitment.climbed]] + commitment.also_done
        for number in behind:
            if number not in self._done:
                yield f"climbed past step {number} without a word"

    def _clock(self) -> Iterator[str]:
        """The stored clock is what the agenda says, or a step would be missed or come early."""
        commitment = self._commitment
        if commitment.next_action in _BESIDE_THE_LADDER or not self._events:
            return
        terms = self._grounds.terms(commitment, version_id=commitment.policy_version_id)
        coming = agenda.next(agenda.Standing.of(commitment), terms)
        expected = (coming.action.value, coming.at) if coming is not None else ("", None)
        stored = (commitment.next_action, commitment.next_action_at)
        if stored == expected or (not commitment.next_action and coming is not None):
            return  # an open promise without a clock is told by itself
        if not self._grounds.edited_since(commitment, self._events[-1].recorded_at):
            yield f"has its clock at {_say(*stored)}, and its ladder says {_say(*expected)}"


def _say(action: str, at: datetime | None) -> str:
    return f"{action} on {at:%F %T}" if at is not None else "nothing"
