"""What happens to a promise is written down, and told to the programs that asked for it.

Both in the transaction of whoever does it: nothing is told that did not happen, and nothing that
happened is missed. Nobody else appends events.
"""

from __future__ import annotations

from collections.abc import Sequence

from commitments.models import Commitment, Event, EventText, Occurrence
from commitments.models import event as events
from notifications import outbox

from . import programs

_BATCH = 500


def append(commitment: Commitment, occurrence: Occurrence) -> Event:
    """Write one event and move the head of the chain; the caller holds the row and saves it.

    One query more where any program is told of anything, and another where it is told of this.
    """
    event = events.append(commitment, occurrence)
    if programs.may_listen(commitment):
        now = occurrence.recorded_at
        outbox.enqueue(programs.happened([commitment], [event], now=now), now=now)
    return event


def append_to_all(commitments: Sequence[Commitment], occurrence: Occurrence) -> None:
    """The same where it happens to many at once; as many queries for a thousand as for one."""
    drafts = [events.draft(each, occurrence) for each in commitments]
    made = Event.objects.bulk_create([event for event, _ in drafts], batch_size=_BATCH)
    said = []
    for event, text in drafts:
        if text is not None:
            text.event = event
            said.append(text)
    EventText.objects.bulk_create(said, batch_size=_BATCH)
    if any(programs.may_listen(each) for each in commitments):
        now = occurrence.recorded_at
        outbox.enqueue(programs.happened(commitments, made, now=now), now=now)
