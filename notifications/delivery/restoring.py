"""After a restore from a backup: what was on its way when it was made may have been sent since.

So everything is in doubt until an operator has looked: nothing is sent by itself again. On release
what is still in doubt is told to whom it concerns, or, if the operator says so, sent to colleagues
once more; to a customer never by us.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce

from notifications.delivery import leases
from notifications.models import CLOCKED, Delivery, Phase, State
from notifications.models.delivery import DeliveryQuerySet

IN_DOUBT: Final = "Restored from a backup: it may have been sent since."
TOLD: Final = "It was on its way when the backup was made, and may have been sent since."


def doubt_everything(now: datetime) -> Mapping[str, int]:
    """What has not ended becomes uncertain, and stays so; answers how many by audience."""
    on_its_way = Q(state__in=CLOCKED) | Q(state=State.UNCERTAIN, attempt_at__isnull=False)
    with transaction.atomic():
        rows = Delivery.objects.filter(on_its_way)
        counted = dict(rows.values_list("audience").annotate(Count("pk")).order_by("audience"))
        rows.update(
            state=State.UNCERTAIN,
            phase=Phase.NONE,
            attempt_at=None,
            settled_at=Coalesce("settled_at", Value(now)),
            attended_at=None,
            reason=IN_DOUBT,
        )
    return counted


def send_to_staff_again(now: datetime) -> int:
    """Queue what colleagues may have missed, unless it is too old; each says that it may repeat."""
    fresh = Q(expires_at=None) | Q(expires_at__gt=now)
    return (
        _in_doubt()
        .filter(fresh, audience="staff")
        .update(
            state=State.QUEUED,
            attempt_at=now,
            settled_at=None,
            possible_repeat=True,
            reason="",
        )
    )


def tell(now: datetime) -> int:
    """Tell the subject of each that is still in doubt, so that a person is asked about it."""
    told = 0
    for row in _in_doubt().order_by("pk").iterator(200):
        with transaction.atomic():
            for delivery in _carried(row):
                leases.subject().settled(delivery.as_delivered(), "uncertain", now)
            told += _in_doubt().filter(pk=row.pk).update(reason=TOLD)
    return told


def _in_doubt() -> DeliveryQuerySet:
    return Delivery.objects.needing_attention().filter(state=State.UNCERTAIN, reason=IN_DOUBT)


def _carried(row: Delivery) -> Sequence[Delivery]:
    """The messages it carries, if it is a bundle, or else itself."""
    inside = Delivery.objects.filter(bundle=row, state=State.BUNDLED)
    return list(inside.order_by("about", "pk")) or [row]
