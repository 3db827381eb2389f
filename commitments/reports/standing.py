"""Promises by how they stand: one name for each state, the same on pages and for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import wall_clock
from commitments.rules.lifecycle import LIVE, Outcome, Status

from . import live
from .lately import SOON

WAITED = {f"waited_{code}": code for code, _ in live.WAITS}
FEW = frozenset((*WAITED, "overdue", "today", "soon", "off_shift", "due_soon", "waiting", "nobody"))
"""Of which there are seldom many at a time."""


def narrow(
    among: CommitmentQuerySet, state: str, *, zone: str, now: datetime
) -> CommitmentQuerySet:
    """Those in a state of `STATES`. What is due today ends at midnight in `zone`, the reader's."""
    if choose := _CHOSEN.get(state):
        return choose(among, now)
    if state in WAITED:
        return live.waited(among, WAITED[state], now=now)
    tomorrow = wall_clock.midnight_after(now, ZoneInfo(zone))
    if state == "today":
        return among.due_between(now, tomorrow)
    if state == "upcoming":
        return among.open().filter(due_at__gte=tomorrow)
    return among.filter(outcome=state)


def due_soon(among: CommitmentQuerySet, now: datetime) -> CommitmentQuerySet:
    """Open, not overdue, and soon: what the page's `is_soon` asks of one promise."""
    owed = Q(next_action="step", next_action_at__lte=now)
    return among.open().filter(due_at__gte=now).filter(Q(climbed__gt=0) | owed)


_CHOSEN: dict[str, Callable[[CommitmentQuerySet, datetime], CommitmentQuerySet]] = {
    "live": lambda among, _: among.live(),
    "open": lambda among, _: among.open(),
    "overdue": lambda among, now: among.overdue(now),
    "soon": lambda among, now: among.due_between(now, now + SOON),
    "off_shift": lambda among, now: live.without_owner_on_shift(among, now=now),
    "due_soon": due_soon,
    "waiting": lambda among, _: among.waiting(),
    "nobody": lambda among, _: among.live().filter(owner=None),
    "disputed": lambda among, _: among.filter(disputed_at__isnull=False),
    "unanswered": lambda among, _: among.unanswered(),
    "done": lambda among, _: among.filter(status=Status.FULFILLED),
    "closed": lambda among, _: among.exclude(status__in=LIVE),
}
STATES = (*_CHOSEN, *WAITED, "today", "upcoming", *(each.value for each in Outcome if each.value))
