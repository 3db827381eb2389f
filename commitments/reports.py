"""Figures, read only: they aggregate columns and never walk promises in Python.

Every figure has its list: whatever is counted here can be asked for by the same filters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from commitments.models.commitment import CommitmentQuerySet
from commitments.rules.lifecycle import Status

SOON = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What is late at one instant, and what is about to be."""

    overdue: int
    not_told: int
    customers_not_told: int
    due_soon: int
    due_soon_without_owner: int

    @property
    def told(self) -> int:
        return self.overdue - self.not_told


def overdue(among: CommitmentQuerySet, *, now: datetime) -> Overdue:
    """The counts of the overdue report over some promises, in one query."""
    late = Q(status=Status.OPEN, due_at__lt=now)
    silent = late & (Q(told_at=None) | Q(told_at__lt=F("due_at")))
    soon = Q(status=Status.OPEN, due_at__gte=now, due_at__lt=now + SOON)
    counts = among.order_by().aggregate(
        overdue=Count("pk", filter=late),
        not_told=Count("pk", filter=silent),
        customers_not_told=Count("customer", filter=silent, distinct=True),
        due_soon=Count("pk", filter=soon),
        due_soon_without_owner=Count("pk", filter=soon & Q(owner=None)),
    )
    return Overdue(**counts)
