"""Looks now and then whether the worker still works: one that hangs does not die by itself."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

from config.launcher import web
from config.launcher.installation import Installation
from config.launcher.keeper import Keeper

EVERY = 30.0  # seconds between two looks
TOO_LONG = 150.0  # seconds in which no job came round, though none of them is slow


class Watch:
    def __init__(self, house: Installation, keeper: Keeper, say: Callable[[str], None]) -> None:
        self._house, self._keeper, self._say = house, keeper, say
        self._next = time.monotonic() + TOO_LONG

    def look(self) -> None:
        """Restart the worker when every job that nobody paused has been away too long.

        The worker sometimes stays deaf after its broker came back (celery issues 8030, 8091).
        """
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY
        said = web.asks(self._house.port, "/readyz")
        paused = said.get("paused", [])
        ages = [age for name, age in said.get("rounds", {}).items() if name not in paused]
        if ages and min(ages) > TOO_LONG:
            self._say(f"No job has come round for {min(ages):.0f} s: starting the worker again")
            self._keeper.signal("worker", signal.SIGKILL)
            self._next = now + TOO_LONG
