"""Was this customer let down before, by the time a promise of a batch is broken too?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from commitments.rules.lifecycle import Status

from .commitment import Commitment

_Place = tuple[datetime, int]  # when, and which promise: no two breaches share one


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
        for each in commitments:
            if each.status == Status.OPEN and each.due_at <= now and not each.breach_is_recorded:
                found[each.customer_id].add((each.due_at, each.id))
        return cls(within=within, by_customer=found)

    def is_second(self, commitment: Commitment) -> bool:
        """Whether a breach of this promise at its due time follows another one that closely."""
        if commitment.breached_before(within=self.within):
            return True
        own = (commitment.due_at, commitment.id)
        since = (commitment.due_at - self.within, 0)
        return any(
            since <= place < own for place in self.by_customer.get(commitment.customer_id, ())
        )
