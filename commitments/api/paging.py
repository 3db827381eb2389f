"""Pages of promises, the next due first. A cursor is the place of the last row that was given.

Paging by place costs the same on every page, and a promise made meanwhile moves none of the others.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from django.db import connection
from django.db.models import Q

from commitments.models import Commitment, commitment_keys
from commitments.models.commitment import CommitmentQuerySet

from . import fields

USUAL_SIZE = 50
LARGEST_SIZE = 200
_PLACE = re.compile(r"([0-9T:.Z-]{20,27}) ([1-9][0-9]{0,18})")


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The place after which a page begins."""

    due_at: datetime
    pk: int

    @classmethod
    def after(cls, commitment: Commitment) -> Self:
        return cls(due_at=commitment.due_at, pk=commitment.pk)

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError with a sentence for anything that `write` did not write."""
        try:
            plain = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            place = _PLACE.fullmatch(plain.decode("ascii"))
            if place and int(place[2]) <= fields.LARGEST_ID:
                return cls(due_at=fields.instant(place[1]), pk=int(place[2]))
        except (binascii.Error, ValueError):
            pass  # refused below: the sentence is the same
        raise ValueError("This is no cursor of ours. Follow `next` from the first page.")

    def write(self) -> str:
        at = self.due_at.astimezone(UTC).replace(tzinfo=None).isoformat()
        return base64.urlsafe_b64encode(f"{at}Z {self.pk}".encode()).decode()


def page(
    found: CommitmentQuerySet, *, after: Cursor | None, size: int, in_halves: bool = False
) -> tuple[list[Commitment], Cursor | None]:
    """One page, and the cursor of the next, or None if this is the last.

    `in_halves` where nothing but the time says which come: what is live and what is closed have an
    index by time each, and either is read as far as the page needs it, however many there are.
    """
    if after is not None:
        later = Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.pk)
        found = found.filter(later, due_at__gte=after.due_at)
    if in_halves:
        found = _first_of_halves(found, size + 1)
    rows = list(found.order_by("due_at", "pk")[: size + 1])
    if len(rows) <= size:
        return rows, None
    return rows[:size], Cursor.after(rows[size - 1])


def _first_of_halves(found: CommitmentQuerySet, count: int) -> CommitmentQuerySet:
    """So many of the live and as many of the closed, among which the first of all are."""
    halves = (found.live(), found.exclude(status__in=commitment_keys.LIVE))
    live, closed = (half.order_by("due_at", "pk").values("pk")[:count] for half in halves)
    if connection.vendor == "postgresql":  # SQLite joins no halves that end before their end
        return found.filter(pk__in=live.union(closed, all=True))
    return found.filter(Q(pk__in=live) | Q(pk__in=closed))
