"""What is heard of a message after it was accepted, and addresses that are closed and opened.

That it arrived is news of one that may have: it is settled as if its answer had come late.
A bounce may come before our own result is written, come twice, or come for a message that we had
given up: each time only the first that finds the message accepted, or perhaps accepted, counts.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from notifications.channels import Receipt
from notifications.delivery import leases, preparing, results
from notifications.envelope import Bounce
from notifications.models import ContactPoint, Delivery, Phase, State, Suppression

logger = logging.getLogger(__name__)

_IT_ARRIVED = "The provider says that it arrived."

_PERHAPS_ACCEPTED = Q(state__in=[State.SENT, State.UNCERTAIN]) | Q(
    state=State.LEASED, phase=Phase.FINAL
)


class _HeardAlready(Exception):
    """Somebody else was told the same at the same moment."""


def record(row: Delivery, *, kind: Bounce, reason: str, at: datetime, now: datetime) -> bool:
    """Write down that a message came back, or was complained of. Answers whether it was news.

    Its attempt stays as it was: the far end did accept it.
    """
    try:
        with transaction.atomic():
            if kind is Bounce.COMPLAINT:
                is_news = _complained(row, reason, now=now)
            else:
                is_news = _returned(row, kind, reason, at=at, now=now)
    except _HeardAlready:
        is_news = False
    if not is_news:
        logger.info("What was heard of delivery %s changes nothing.", row.pk)
    return is_news


def arrived(row: Delivery, *, provider_id: str, at: datetime) -> bool:
    """Write down that a message arrived. Answers whether anybody doubted it.

    What is final counts, too: a provider may say so before its answer to our own call is lost.
    """
    if row.state != State.UNCERTAIN and row.phase != Phase.FINAL:
        return False
    receipt = Receipt(provider_id=provider_id or row.provider_id, code=250, answer=_IT_ARRIVED)
    return leases.record(results.accepted(row, receipt, at=at))


def lift(suppression: Suppression) -> None:
    """Messages go to this address again."""
    with transaction.atomic():
        Suppression.objects.filter(pk=suppression.pk).delete()
        closed = ContactPoint.objects.filter(channel=suppression.channel)
        theirs = Q(address=suppression.address) | Q(address="", user__email=suppression.address)
        closed.filter(theirs).update(disabled_at=None, disabled_because="")


def _returned(row: Delivery, kind: Bounce, reason: str, *, at: datetime, now: datetime) -> bool:
    if not Delivery.objects.filter(_PERHAPS_ACCEPTED, pk=row.pk, bounced_at=None).exists():
        return False
    leases.tell(row, "bounced", at=now, reason=reason)
    found = Delivery.objects.filter(_PERHAPS_ACCEPTED, pk=row.pk, bounced_at=None).update(
        state=State.FAILED,
        phase=Phase.NONE,
        attempt_at=None,
        bounced_at=min(at, now),
        settled_at=now,
        attended_at=None,
        attended_by=None,
        reason=f"bounced: {reason}",
    )
    if not found:
        raise _HeardAlready
    if kind is Bounce.HARD:
        _close(row, cause=f"It bounced: {reason}", now=now)
    return True


def _complained(row: Delivery, reason: str, *, now: datetime) -> bool:
    """It arrived, so it stays sent; but nothing more goes to that address."""
    accepted = Delivery.objects.filter(_PERHAPS_ACCEPTED, pk=row.pk).exists()
    if not accepted or preparing.is_closed(row.channel, row.address):
        return False
    leases.tell(row, "complained", at=now, reason=reason)
    _close(row, cause=f"Marked as unwanted: {reason}", now=now)
    return True


def _close(row: Delivery, *, cause: str, now: datetime) -> None:
    preparing.close_address(row.channel, row.address, cause=cause, now=now)
    if row.person_id is None:
        return
    points = ContactPoint.objects.filter(user=row.person_id, channel=row.channel)
    if row.channel != "email":  # a person has one account, and so one address for mail
        points = points.filter(address=row.address)
    if not points.filter(disabled_at=None).disable(because=cause, now=now) and not points.exists():
        ContactPoint.objects.create(
            user_id=row.person_id,
            channel=row.channel,
            address=row.address,
            disabled_at=now,
            disabled_because=cause,
        )
