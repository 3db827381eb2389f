"""Customers of whom nothing has been heard for long are erased as if they had asked for it.

Heard of is whoever something is owed to, whoever waits for a word of ours, and whoever anything
was written down about since: what was brought in from elsewhere counts from the day it came.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.models import (
    CheckIn,
    CheckInAnswer,
    Commitment,
    Conversation,
    Customer,
    Event,
    Suggestion,
)

from . import erasing

_LOOKED_AT: Final = 2000  # customers, at once


def silent(since: datetime) -> Iterator[list[int]]:
    """The ids of those of whom nothing was heard since then, a batch at a time.

    Whoever was erased is not looked at again, so a night looks through the customers that are left.
    """
    after = 0
    while True:
        people = _people().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
        looked_at = list(people[:_LOOKED_AT])
        if not looked_at:
            return
        these = _silent(since).filter(pk__gt=after, pk__lte=looked_at[-1]).order_by("pk")
        yield list(these.values_list("pk", flat=True))
        after = looked_at[-1]


def erase(customer_id: int, *, since: datetime, now: datetime) -> bool:
    """Erase them, unless something was heard of them while others were erased.

    What colleagues were sent is not read through for their name: RETENTION keeps no words of
    messages for longer than it keeps customers.
    """
    with transaction.atomic():
        customer, promises = erasing.held(customer_id)
        if not _silent(since).filter(pk=customer_id).exists():
            return False
        erasing.forget(customer, promises, by=None, now=now)
    return True


def _people() -> QuerySet[Customer]:
    return Customer.objects.people().filter(merged_into=None)


def _silent(since: datetime) -> QuerySet[Customer]:
    theirs = Q(customer=OuterRef("pk"))
    waits = Q(disputed_at__isnull=False) | Q(customer_asked_at__isnull=False)
    is_fresh = Q(closed_at=None) | Q(closed_at__gte=since) | waits
    promises = Commitment.objects.filter(theirs)
    heard = (
        promises.live(),
        promises.filter(is_fresh),
        Event.objects.filter(commitment__customer=OuterRef("pk"), recorded_at__gte=since),
        Conversation.objects.filter(theirs, at__gte=since),
        CheckIn.objects.pending().filter(theirs),
        CheckIn.objects.filter(theirs, sent_at__gte=since),
        CheckInAnswer.objects.filter(check_in__customer=OuterRef("pk"), at__gte=since),
        Suggestion.objects.filter(theirs, outcome=""),
        Suggestion.objects.filter(theirs, said_at__gte=since),
    )
    # Without any promise nothing says since when somebody is known.
    rows = _people().filter(Exists(promises))
    for each in heard:
        rows = rows.exclude(Exists(each))
    return rows
