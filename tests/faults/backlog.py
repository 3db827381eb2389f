"""Thousands of mails that are due at once, laid down by the database."""

from __future__ import annotations

import time
from datetime import datetime

from django.utils import timezone

from notifications.models import Delivery
from tests.faults.stand import Stand, until

_FRESH = {
    "state": "'queued'",
    "phase": "''",
    "settled_at": "null",
    "token": "0",
    "attempts": "0",
    "urgent": "false",
}


def a_backlog(stand: Stand, count: int) -> datetime:
    """So many more of the first mail to a customer, about the same promise, all due since then."""
    since = timezone.now()
    fresh = _FRESH | {"attempt_at": f"'{since.isoformat()}'"}
    columns = [
        field.column
        for field in Delivery._meta.concrete_fields
        if field.column not in ("id", "key")
    ]
    listed = ", ".join(columns)
    chosen = ", ".join(fresh.get(column, column) for column in columns)
    stand.cluster.say(
        f"insert into notifications_delivery (key, {listed})"
        f" select 'backlog:' || number, {chosen}"
        f" from (select * from notifications_delivery where audience = 'customer' limit 1) as it,"
        f" generate_series(1, {count}) as number",
        to=stand.database,
    )
    return since


def until_an_urgent_one_is_there(number: int, *, within: float = 90) -> float:
    """How long one more, which is urgent, takes to be sent, in seconds."""
    first = Delivery.objects.filter(audience="customer", state="sent").earliest("id")
    first.pk, first.key = None, f"urgent:{number}"
    first.state, first.attempt_at, first.settled_at = "queued", timezone.now(), None
    first.urgent, first.token, first.attempts = True, 0, 0
    first.save(force_insert=True)
    began = time.monotonic()
    until(lambda: Delivery.objects.get(pk=first.pk).state == "sent", within=within)
    return time.monotonic() - began
