"""What happens to a promise is written down, and told to the programs that asked for it.

Both in the transaction of whoever does it: nothing is told that did not happen, and nothing that
happened is missed. Nobody else appends events.
"""

from __future__ import annotations

from commitments.models import Commitment, Event, Occurrence
from commitments.models import event as events
from notifications import outbox

from . import programs


def append(commitment: Commitment, occurrence: Occurrence) -> Event:
    """Write one event and move the head of the chain; the caller holds the row and saves it.

    One query more where any program is told of anything, and another where it is told of this.
    """
    event = events.append(commitment, occurrence)
    if programs.may_listen(commitment):
        now = occurrence.recorded_at
        outbox.enqueue(programs.happened([commitment], [event], now=now), now=now)
    return event
