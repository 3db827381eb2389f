from __future__ import annotations

import time
from datetime import datetime, timedelta


class Clock:
    """One round's time: the wall clock as it was at the start, then carried on by the monotonic.

    Whoever sets the wall clock in the middle of a round changes no decision in it.
    """

    def __init__(self, now: datetime, *, length: timedelta) -> None:
        self._started_at = now
        self._start = time.monotonic()
        self._length = length

    def now(self) -> datetime:
        return self._started_at + timedelta(seconds=time.monotonic() - self._start)

    def is_over(self) -> bool:
        """Whether the round has had its time."""
        return self.now() >= self._started_at + self._length
