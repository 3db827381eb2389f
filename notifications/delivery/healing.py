"""Brings back what a clock that was set back has left far in the future.

Looked for once a minute in each process, and at once where the time given lies before the last one:
a round that finds nothing due reads little, and writes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from notifications import lengths
from notifications.delivery import backoff
from notifications.models import Delivery

EVERY: Final = timedelta(minutes=1)


class Healing:
    """When this process last looked."""

    def __init__(self) -> None:
        self._looked_at: datetime | None = None

    def look(self, now: datetime) -> None:
        if self._looked_at is not None and timedelta(0) <= now - self._looked_at < EVERY:
            return
        self._looked_at = now
        heal(now)

    def forget(self) -> None:
        self._looked_at = None


memory = Healing()


def heal(now: datetime) -> int:
    """Let what waits longer than anything may come due; answers how many there were."""
    figures = lengths.current()
    late = Delivery.objects.impossibly_late(
        now,
        lease=figures.lease,
        wait=backoff.longest("", lengths=figures),
        others={"webhook": backoff.longest("webhook", lengths=figures)},
    )
    # An update of nothing would still lock a SQLite database.
    return late.update(attempt_at=now) if late.exists() else 0
