"""What has happened to promises, as far as their customer knows.

What somebody did a moment ago may still be taken back, and then it must never have been seen: until
that time is over the page shows the promise as it stood before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from commitments import lengths
from commitments.models import Commitment, Event, EventKind
from commitments.services import undoing

_NEW_TIMES = frozenset({EventKind.MOVED, EventKind.RESUMED, EventKind.REOPENED})
_THEIRS = frozenset({EventKind.CUSTOMER_WROTE, EventKind.OTHER_TIME_ASKED, EventKind.DISPUTED})
_READ = (*_NEW_TIMES, *_THEIRS, EventKind.CONFIRMED, EventKind.RELEASED)


@dataclass(kw_only=True)
class History:
    """Of one promise: what the customer was `told`, newest first, and what else its panel says.

    `asked` is their last word that waits for an answer of ours.
    """

    told: list[Event] = field(default_factory=list)
    move: Event | None = None
    asked: Event | None = None
    released: Event | None = None
    is_confirmed: bool = False


def of(commitments: Sequence[Commitment], *, now: datetime) -> list[tuple[Commitment, History]]:
    """Each promise as it may be shown, with its history; none that was made a moment ago.

    Unless there is no other: then nobody outside has the link yet, and a colleague looks. One
    query. The promises given are put back to how they stood, and must not be saved.
    """
    since = now - lengths.current().undo
    wanted = Q(visible=True) | Q(kind__in=_READ) | Q(recorded_at__gte=since)
    events = Event.objects.filter(wanted, commitment__in=commitments).not_taken_back()
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events.newest_first():
        found[event.commitment_id].append(event)
    settled = [(each, _settled(each, found[each.pk], now=now)) for each in commitments]
    shown = [(each, events) for each, events in settled if events is not None]
    if not shown:
        shown = [(each, found[each.pk]) for each in commitments]
    return [(each, _history(each, events)) for each, events in shown]


def _settled(commitment: Commitment, events: list[Event], *, now: datetime) -> list[Event] | None:
    """What can no longer be taken back; None where that is nothing at all."""
    last = next((each for each in events if each.kind not in undoing.FOLLOWS_BY_ITSELF), None)
    if last is None or not undoing.may_still_be(last, now=now):
        return events
    if last.kind == EventKind.MADE:
        return None
    commitment.restore(last.changes, last.words_before)
    return [each for each in events if each.sequence < last.sequence]


def _history(commitment: Commitment, events: Sequence[Event]) -> History:
    history = History(told=[each for each in events if each.visible])
    confirmed_at = disputed_at = -1
    for event in reversed(events):
        match event.kind:
            case kind if kind in _NEW_TIMES and "due_at" in event.changes:
                history.move = event
            case kind if kind in _THEIRS and commitment.customer_asked_at is not None:
                history.asked = event
            case EventKind.RELEASED:
                history.released = event
            case EventKind.CONFIRMED:
                confirmed_at = event.sequence
        if event.kind == EventKind.DISPUTED:
            disputed_at = event.sequence
    history.is_confirmed = confirmed_at > disputed_at
    return history


def answer_by(event: Event) -> datetime | None:
    """By when we said that the customer hears from us."""
    said = event.changes.get("answer_by")
    return parse_datetime(said) if isinstance(said, str) else None
