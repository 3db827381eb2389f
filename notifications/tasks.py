"""Celery's doors to delivery, and the poke: a wake-up that may be lost without loss."""

from __future__ import annotations

import logging

from celery import current_app, shared_task
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import OperationalError

from notifications import delivery, lengths
from notifications.delivery import crash

logger = logging.getLogger(__name__)

_STALE = 60.0  # seconds, as for a tick: behind a slow server no short job waits for a heap of pokes


@shared_task(name="deliver_notifications")
def deliver_notifications() -> int:
    """Send what is due."""
    return delivery.run(timezone.now())


def poke() -> None:
    """Ask for a round of delivery now. The beat asks anyway: a broker that is away costs a tick.

    While an operator has paused the job, nobody hurries it.
    """
    crash.here("wake")
    if PeriodicTask.objects.filter(task=deliver_notifications.name, enabled=False).exists():
        return
    patience = lengths.current().poke.total_seconds()
    limits = {"socket_timeout": patience, "socket_connect_timeout": patience, "max_retries": 0}
    try:
        with current_app.connection_for_write(
            connect_timeout=patience, transport_options=limits
        ) as broker:
            deliver_notifications.apply_async(  # type: ignore[call-arg]  # missing in its stubs
                connection=broker, retry=False, expires=_STALE
            )
    except (OperationalError, OSError) as error:
        logger.warning("No poke, the next tick will do: %s", error)
