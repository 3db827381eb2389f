"""Was this customer let down before?"""

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
    """Those towards the customers of some promises, the ones that are about to be recorded too."""

    within: timedelta
    by_customer: dict[int, set[_Place]]

    @classmethod
    def around(
        cls, commitments: Iterable[Commitment], *, within: timedelta, now: datetime
    ) -> Breaches:
        """One query, and none where nothing is about to be broken."""
        found: dict[int, set[_Place]] = defaultdict(set)
        for each in commitments:
            if each.status == Status.OPEN and each.due_at <= now and not each.breach_is_recorded:
                found[each.customer_id].add((each.due_at, each.pk))
        if found:
            since = min(place for places in found.values() for place in places)[0] - within
            earlier = Commitment.objects.filter(customer__in=list(found), breached_at__gte=since)
            # What was logged by mistake was never owed.
            rows = earlier.exclude(status=Status.VOID).values_list("customer", "breached_at", "pk")
            for customer_id, at, pk in rows:
                if at is not None:
                    found[customer_id].add((at, pk))
        return cls(within=within, by_customer=found)

    def is_second(self, commitment: Commitment) -> bool:
        """Whether a breach of this promise at its due time follows another one that closely."""
        own = (commitment.due_at, commitment.pk)
        since = commitment.due_at - self.within
        earlier = self.by_customer.get(commitment.customer_id, ())
        return any(since <= place[0] and place < own for place in earlier)
