"""Has the wall clock jumped between two rounds of this process?

The monotonic clock tells how long it really was. A machine that slept looks like a jump ahead: its
monotonic clock stood still. A first round is compared with the last one that any process recorded:
it cannot lie ahead.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from commitments import clocks
from notifications.models import JobRound

logger = logging.getLogger(__name__)

_WORTH_NOTING: Final = timedelta(seconds=30)


@dataclass
class Watch:
    """Both clocks at the last round of this process."""

    wall: datetime | None = None
    monotonic: float = 0.0

    def jumped(self, now: datetime, *, monotonic: float) -> timedelta:
        """By how much the wall clock has gone further than time did; below zero: it was set back.

        Anything up to 30 seconds is drift and load, and counts as nothing.
        """
        wall, before = self.wall, self.monotonic
        self.wall, self.monotonic = now, monotonic
        if wall is None:
            return timedelta(0)
        by = (now - wall) - timedelta(seconds=monotonic - before)
        return by if abs(by) > _WORTH_NOTING else timedelta(0)


_watch = Watch()


def note(name: str, *, now: datetime) -> None:
    """Called with every round: record a jump beside the job that saw it, and heal what it left."""
    is_first = _watch.wall is None
    by = _watch.jumped(now, monotonic=time.monotonic())
    if is_first:
        by = min(_since_last_round(name, now=now), timedelta(0))
    if abs(by) > _WORTH_NOTING:
        record(name, by=by, now=now)


def record(name: str, *, by: timedelta, now: datetime) -> None:
    """Write a jump down, and bring back the clocks that one back has left too far ahead.

    After one ahead there is nothing to heal: what is due says by its own clock how late it is.
    """
    seconds = round(by.total_seconds())
    logger.error("The clock of this machine jumped by %s seconds.", seconds)
    facts = {"stepped_at": now, "stepped_by": seconds}
    JobRound.objects.update_or_create(
        name=name, defaults=facts, create_defaults={"finished_at": now, **facts}
    )
    if by < timedelta(0):
        healed = clocks.heal(now)
        logger.warning("%s clocks stood further ahead than they may, and are due now.", healed)


def _since_last_round(name: str, *, now: datetime) -> timedelta:
    last = JobRound.objects.filter(name=name).values_list("finished_at", flat=True).first()
    return now - last if last is not None else timedelta(0)
