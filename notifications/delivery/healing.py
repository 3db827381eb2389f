"""Brings back what a clock that was set back has left far in the future.

Looked for once a minute in each process, and at once where the time given lies before the last one:
a round that finds nothing due reads little, and writes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from notifications import lengths
from notifications.delivery import backoff
from notifications.models import Breaker, Delivery

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
    """Let what waits, or rests, longer than anything may come due; answers how many there were."""
    figures = lengths.current()
    late = Delivery.objects.impossibly_late(
        now,
        lease=figures.lease,
        wait=backoff.longest("", lengths=figures),
        others={"webhook": backoff.longest("webhook", lengths=figures)},
    )
    rest = max(figures.refused, figures.unreachable, figures.endpoint_rest)
    # Another process may have laid a rest a moment ago, by a clock later than ours.
    resting = Breaker.objects.filter(until__gt=now + rest + EVERY)
    return _bring_back(late, attempt_at=now) + _bring_back(resting, until=now)


def _bring_back(rows: QuerySet[Any], **clock: datetime) -> int:  # Any: rows of each kind
    """An update of nothing would still lock a SQLite database."""
    return rows.update(**clock) if rows.exists() else 0
