"""Pages of promises, the next due first. A cursor is the place of the last row that was given.

Paging by place costs the same on every page, and a promise made meanwhile moves none of the others.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
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
    ahead = found
    if after is not None:
        later = Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.pk)
        ahead = found.filter(later, due_at__gte=after.due_at)
    if in_halves:
        rows = list(found.filter(pk__in=_first_of_halves(ahead, size + 1)).order_by("due_at", "pk"))
    else:
        rows = list(ahead.order_by("due_at", "pk")[: size + 1])
    if len(rows) <= size:
        return rows, None
    return rows[:size], Cursor.after(rows[size - 1])


def _first_of_halves(found: CommitmentQuerySet, count: int) -> list[int]:
    """The ids of the first so many, which are among as many of the live and of the closed.

    Read before all that is said of them: in one statement with that, finding out how to do it took
    the database ten times as long as doing it.
    """
    halves = (found.live(), found.exclude(status__in=commitment_keys.LIVE))
    rows = (half.order_by("due_at", "pk").values_list("due_at", "pk") for half in halves)
    live, closed = (half[:count] for half in rows)
    # SQLite joins no halves that end before their end.
    is_one = connection.vendor == "postgresql"
    first = live.union(closed, all=True) if is_one else chain(live, closed)
    return [pk for _, pk in sorted(first)[:count]]
