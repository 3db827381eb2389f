"""The whole audit, for the command and for tests; the job looks at what changed instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max

from commitments.models import Commitment, Event
from config import awake
from notifications.delivery import audit as deliveries

from . import histories, tables
from .finding import Finding

_AT_ONCE = 2000


def findings(now: datetime, *, since: datetime | None = None) -> Iterator[Finding]:
    """Every row that breaks a rule; of histories, those in which something happened `since`."""
    state = awake.look(now)
    for found in deliveries.broken(now, paused="deliver_notifications" in state.paused):
        yield Finding(f"delivery {found.delivery_id} ({found.key})", found.rule, found.number)
    yield from tables.late_clocks(now, state.paused)
    yield from tables.clockless()
    yield from tables.untold_troubles(now, is_restored=state.is_restored)
    for pks in _changed(since):
        yield from histories.differing(pks)


def _changed(since: datetime | None) -> Iterator[list[int]]:
    """The promises to read, some at a time."""
    after = 0
    while pks := _next(after, since=since):
        yield pks
        after = pks[-1]


def _next(after: int, *, since: datetime | None) -> list[int]:
    if since is None:
        promises = Commitment.objects.filter(pk__gt=after).order_by("pk")
        return list(promises.values_list("pk", flat=True)[:_AT_ONCE])
    recent = Event.objects.filter(pk__gte=first_event_since(since), recorded_at__gte=since)
    changed = recent.filter(commitment__gt=after).order_by("commitment")
    return list(changed.values_list("commitment", flat=True).distinct()[:_AT_ONCE])


def first_event_since(since: datetime) -> int:
    """The first event recorded since an instant, or the place after the last.

    Found by halving: events are written in order, and no index says when.
    """
    low = 1
    high = int(Event.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        rows = Event.objects.filter(pk__gte=middle).order_by("pk")
        pk, at = rows.values_list("pk", "recorded_at").first() or (high, since)
        if at >= since:
            high = middle
        else:
            low = pk + 1
    return low
