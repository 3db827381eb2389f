from __future__ import annotations

import time
from copy import copy
from datetime import datetime, timedelta

from notifications import stopping


class Clock:
    """One round's time: the wall clock as it was at the start, then carried on by the monotonic.

    Whoever sets the wall clock in the middle of a round changes no decision in it.
    """

    def __init__(self, now: datetime, *, length: timedelta) -> None:
        self._started_at = now
        self._start = time.monotonic()
        self._ends_at = now + length

    def part(self, of: int) -> Clock:
        """The same time, over sooner: one of so many equal parts of what is left."""
        part = copy(self)
        now = self.now()
        part._ends_at = now + max(self._ends_at - now, timedelta(0)) / of
        return part

    def now(self) -> datetime:
        return self._started_at + timedelta(seconds=time.monotonic() - self._start)

    def is_over(self) -> bool:
        """Whether the round has had its time, or the worker is to stop."""
        return stopping.is_asked() or self.now() >= self._ends_at
