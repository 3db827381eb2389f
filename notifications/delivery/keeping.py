"""Settles what goes no further than this database: many in one transaction, no last byte."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from notifications.channels import Letter, Local, Receipt
from notifications.delivery import leases, preparing
from notifications.models import Attempt, Delivery, Ending, bulk


def keep(local: Local, rows: Sequence[Delivery], *, now: datetime) -> None:
    """Write them down and mark them as sent, all or none. Raises TokenLost if one is not ours."""
    ready, refused = preparing.sort_out(rows, now=now)
    for result in refused:
        leases.record(result)
    if ready:
        _keep(local, [(row, compose()) for row, compose in ready], now=now)


@transaction.atomic
def _keep(local: Local, ready: Sequence[tuple[Delivery, Letter]], *, now: datetime) -> None:
    for row, _ in ready:
        leases.tell(row, "sent", at=now)
    receipt = local.keep([letter for _, letter in ready], now=now)
    settled = bulk.settle_locally([_sent(row, letter, receipt, now) for row, letter in ready])
    if settled != len(ready):
        raise leases.TokenLost
    tried = Attempt.objects.filter(
        delivery_id__in=[row.pk for row, _ in ready], token=F("delivery__token")
    )
    tried.update(
        ended_at=now, ending=Ending.ACCEPTED, code=receipt.code, answer=receipt.answer[:200]
    )


def _sent(row: Delivery, letter: Letter, receipt: Receipt, now: datetime) -> bulk.Row:
    return {
        "id": row.pk,
        "token": row.token,
        "settled_at": now,
        "provider_id": receipt.provider_id,
        "address": letter.address,
        "name": letter.name,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
    }
