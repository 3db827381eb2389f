"""Was this customer let down before, by the time a promise of a batch is broken too?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from commitments.rules.lifecycle import Status

from .commitment import Commitment

_Place = tuple[datetime, int]  # when, and which promise: no two breaches share one

# Read from the columns as they are: asked one by one, a foreign key would answer slowly.
_FACTS = itemgetter("status", "due_at", "breached_at", "customer_id", "id")


@dataclass(frozen=True, kw_only=True)
class Breaches:
    """Those about to be recorded, beside the last one that `with_last_breach` has read."""

    within: timedelta
    by_customer: dict[int, set[_Place]]

    @classmethod
    def ahead(
        cls, commitments: Iterable[Commitment], *, within: timedelta, now: datetime
    ) -> Breaches:
        """What a round at `now` is about to record of these."""
        found: dict[int, set[_Place]] = defaultdict(set)
        is_open = Status.OPEN.value
        for status, due_at, breached_at, customer, pk in map(_FACTS, map(vars, commitments)):
            if status == is_open and due_at <= now and breached_at != due_at:
                found[customer].add((due_at, pk))
        return cls(within=within, by_customer=found)

    def is_second(self, commitment: Commitment) -> bool:
        """Whether a breach of this promise at its due time follows another one that closely."""
        if commitment.breached_before(within=self.within):
            return True
        _, due_at, _, customer, pk = _FACTS(vars(commitment))
        beside, own = self.by_customer.get(customer, ()), (due_at, pk)
        if len(beside) < 2 and own in beside:  # as with nearly every customer
            return False
        since = (due_at - self.within, 0)
        return any(since <= place < own for place in beside)
