"""The invariants that only a promise's own history answers: I5, I7, I9 and I12.

Promises are read many at a time: each batch costs a handful of queries, however many there are.
Between two of them a promise may go on, and look broken; so what looks broken is read once more,
and only what is found again, the same, is a finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from commitments.models import Commitment, Event, EventKind
from commitments.models.event import first_broken_link
from commitments.models.row import plain
from notifications.models import Attempt, Delivery

from .climbs import Climb
from .finding import Finding
from .grounds import Grounds
from .tables import name

_FOLDED: Final = ("status", "due_at", "owner_id", "revision")
_NAGS: Final = ("reminder", "overdue", "escalation", "ask_again", "update_due", "decide")
_BATCH: Final = 50


def differing(pks: Sequence[int]) -> Iterator[Finding]:
    """Every way in which these promises differ from what they should be."""
    grounds = Grounds()
    for start in range(0, len(pks), _BATCH):
        some = pks[start : start + _BATCH]
        if found := list(_differing(some, grounds)):
            again = set(_differing(some, grounds))
            yield from (each for each in found if each in again)


def _differing(pks: Sequence[int], grounds: Grounds) -> Iterator[Finding]:
    batch = _Batch(pks)
    for commitment in batch.commitments:
        yield from _of_one(commitment, batch, grounds)
    yield from batch.nags_after_the_end()


class _Batch:
    """Some promises with their events and what was sent about them; four queries."""

    def __init__(self, pks: Sequence[int]) -> None:
        held = Commitment.objects.filter(pk__in=pks).select_related("kind", "team")
        self.commitments = list(held.order_by("pk"))
        self.events: dict[int, list[Event]] = defaultdict(list)
        events = Event.objects.filter(commitment__in=pks).select_related("text")
        for event in events.order_by("commitment", "sequence"):
            self.events[event.commitment_id].append(event)
        self._closed = {row.about: row.closed_at for row in self.commitments if row.closed_at}
        about = [commitment.about for commitment in self.commitments]
        rows = Delivery.objects.filter(about__in=about, event_id__isnull=False)
        self._said = set(rows.values_list("event_id", flat=True))

    def was_said(self, event: Event) -> bool:
        return event.pk in self._said

    def nags_after_the_end(self) -> Iterator[Finding]:
        """I5: colleagues nagged by an attempt that began when the promise had closed."""
        nags = Delivery.objects.filter(about__in=self._closed, template__in=_NAGS)
        sent = nags.filter(state="sent").values_list("pk", "pk", "about")
        inside = nags.filter(state="bundled", bundle__state="sent")
        carriers = list(sent) + list(inside.values_list("pk", "bundle", "about"))
        began = dict(
            Attempt.objects.filter(delivery__in={row for _, row, _ in carriers}, ending="accepted")
            .order_by("token")
            .values_list("delivery", "started_at")
        )
        for pk, carrier, about in carriers:
            if carrier in began and began[carrier] > self._closed[about]:
                yield Finding(f"delivery {pk}", "nags about what had been closed before", "I5")


def _of_one(commitment: Commitment, batch: _Batch, grounds: Grounds) -> Iterator[Finding]:
    events = batch.events[commitment.pk]
    broken = first_broken_link(commitment, events)
    if broken is not None:
        yield Finding(name(commitment), f"has a history that breaks at event {broken}", "I12")
        return
    if trouble := _unlike_its_history(commitment, events):
        yield Finding(name(commitment), trouble, "I12")
        return
    for event in _unsaid(events, batch):
        rule = f"took step {event.step} without a message or a reason"
        yield Finding(name(commitment), rule, "I7")
    for difference in Climb(commitment, events, grounds).differences():
        yield Finding(name(commitment), difference, "I9")


def _unlike_its_history(commitment: Commitment, events: Sequence[Event]) -> str:
    """I12: how a promise differs from what its events add up to; empty where it does not."""
    folded: dict[str, Any] = {}  # Any: column values as JSON
    for event in events:
        folded |= {name: event.changes[name][1] for name in _FOLDED if name in event.changes}
    for column in _FOLDED:
        stored = getattr(commitment, column)
        if _same(folded.get(column)) != _same(plain(stored)):
            return f"has {column} {stored}, and its events say {folded.get(column)}"
    return ""


def _unsaid(events: Sequence[Event], batch: _Batch) -> Iterator[Event]:
    """I7: steps that were taken and told nobody, without a line beside them that says why."""
    following = [*events[1:], None]
    for event, after in zip(events, following, strict=True):
        is_taken = event.kind == EventKind.STEP_TAKEN and event.audience
        has_reason = after is not None and after.kind == EventKind.MESSAGE_NOT_SENT
        # Whoever it came to by this step hears that, and nothing else of it.
        handed = after if after is not None and _by_a_step(after) else event
        if is_taken and not (has_reason or batch.was_said(event) or batch.was_said(handed)):
            yield event


def _by_a_step(event: Event) -> bool:
    """Whether the promise changed hands, and nobody did it."""
    return event.kind == EventKind.REASSIGNED and event.actor_id is None


def _same(value: Any) -> Any:  # Any: JSON in, something comparable out
    """Instants are the same in every zone."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value
