"""Lets a channel rest while the far end is away or refuses us, so that its rows need not fail.

After the rest one row is tried. If it is accepted the channel is open again, and what had been put
off goes out at once; if not, the channel rests again.
"""

from __future__ import annotations

import logging
from datetime import datetime

from notifications import lengths
from notifications.envelope import Blame, DeliveryError
from notifications.models import Breaker, Delivery, State

logger = logging.getLogger(__name__)


def allowance(channel: str, *, batch: int, now: datetime) -> int:
    """How many rows may be tried: none while it rests, one to see, otherwise a batch."""
    rest = Breaker.objects.filter(channel=channel, opened_at__isnull=False).first()
    if rest is None or rest.until is None:
        return batch
    return 0 if rest.until > now else 1


def trips(error: DeliveryError) -> bool:
    """Whether this error says more about the channel than about the message."""
    return error.blame in (Blame.FAR_END, Blame.OURSELVES)


def closes_address(error: DeliveryError) -> bool:
    """Whether the address takes no messages at all, this one or any other."""
    return error.permanent and error.blame == Blame.ADDRESS


def rest(channel: str, error: DeliveryError, *, now: datetime) -> None:
    """Let the channel rest. An operator has to know, once, when it is we who are refused."""
    figures = lengths.current()
    ours = error.blame == Blame.OURSELVES
    facts = {
        "until": now + (figures.refused if ours else figures.unreachable),
        "reason": error.answer,
    }
    known = Breaker.objects.filter(channel=channel, opened_at__isnull=False)
    if not known.update(**facts):
        facts |= {"opened_at": now, "ours": ours}
        Breaker.objects.update_or_create(channel=channel, defaults=facts)
    elif not (ours and known.filter(ours=False).update(ours=True)):
        return  # nothing that has not been said
    level = logging.CRITICAL if ours else logging.ERROR
    logger.log(level, "Channel %s rests, its messages wait: %s", channel, error.answer)


def open_again(channel: str, *, now: datetime) -> None:
    """A row was accepted: whatever had to wait for the far end need not wait any longer."""
    resting = Breaker.objects.filter(channel=channel, opened_at__isnull=False)
    if not resting.update(opened_at=None, until=None, reason=""):
        return
    put_off = Delivery.objects.filter(channel=channel, state=State.QUEUED, attempt_at__gt=now)
    put_off.filter(attempts__gt=0, not_before__lte=now).update(attempt_at=now)
    logger.warning("Channel %s is open again.", channel)
