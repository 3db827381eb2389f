"""Times to offer instead of one that does not suit: the next ones at which a team is at work.

At least two working hours from now, so that there is time to answer, and after the time that did
not suit. Three working hours lie between two of them, so that one of three may fit. Each is on the
full hour, where that is open.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commitments.errors import CommitmentError

from .business_time import Hours

_NOTICE: Final = timedelta(hours=2)
_BETWEEN: Final = timedelta(hours=3)
_HOUR: Final = timedelta(hours=1)


def after(due_at: datetime, *, hours: Hours, now: datetime, most: int = 3) -> list[datetime]:
    """The next open times; fewer, or none, where the calendar ends or never opens."""
    found: list[datetime] = []
    try:
        at = max(hours.add(now, _NOTICE), due_at)
        while len(found) < most:
            at = _on_the_hour(
                hours.add(at, _BETWEEN if found or at == due_at else timedelta(0)), hours
            )
            found.append(at)
    except CommitmentError:
        return found
    return found


def _on_the_hour(at: datetime, hours: Hours) -> datetime:
    local = at.astimezone(ZoneInfo(hours.zone))
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    rounded = at + (_HOUR - past if past else past)
    return rounded if hours.is_open(rounded) else hours.next_open(rounded)
