"""Every chain of events, link by link, while everybody goes on writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from commitments.models import Commitment, Event
from commitments.models.commitment import CommitmentQuerySet
from commitments.models.event import first_broken_link

_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """About one promise; `broken_at` is the sequence of the first event that does not fit."""

    reference: str
    events: int
    broken_at: int | None


def verify(among: CommitmentQuerySet) -> Iterator[Verdict]:
    """One verdict on each of them, in the order of their ids; two queries for 500 promises.

    What does not fit is looked at again with its row held: an event may have been written between
    the two queries.
    """
    last = 0
    while heads := list(among.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        last = heads[-1].pk
        events = _events_of(heads)
        for head in heads:
            broken_at = first_broken_link(head, events[head.pk])
            if broken_at is not None:
                broken_at = _held_still(head.pk)
            yield Verdict(reference=head.reference, events=head.event_count, broken_at=broken_at)


def _events_of(heads: list[Commitment]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    rows = Event.objects.filter(commitment__in=[head.pk for head in heads])
    for event in rows.order_by("commitment", "sequence").select_related("text"):
        found[event.commitment_id].append(event)
    return found


@transaction.atomic
def _held_still(pk: int) -> int | None:
    return first_broken_link(Commitment.objects.select_for_update().get(pk=pk))
