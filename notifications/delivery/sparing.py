"""Keeps one bad row from stopping its batch."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.db import OperationalError

from notifications.channels import KEYED
from notifications.delivery import leases, results
from notifications.delivery.clock import Clock
from notifications.delivery.results import Result
from notifications.envelope import DeliveryError
from notifications.models import Delivery, Phase

logger = logging.getLogger(__name__)


def each(
    rows: Sequence[Delivery], act: Callable[[Sequence[Delivery]], None], *, clock: Clock
) -> None:
    """Act on all of them together, and if that raises, on one after another.

    A row that raises alone is put off, the third time for good.
    """
    try:
        act(rows)
    except Exception as error:  # noqa: BLE001  # logged where it is put off
        if len(rows) == 1:
            put_off(rows[0], error, clock=clock)
            return
        for row in rows:
            each([row], act, clock=clock)


def apart(rows: Sequence[Delivery], act: Callable[[Sequence[Delivery]], None]) -> list[Delivery]:
    """Act on all of them together, and if that raises, on one after another.

    Answers those that raise alone. A busy database is nobody's fault, and stops them all.
    """
    if not rows:
        return []
    try:
        act(rows)
    except OperationalError:
        raise
    except Exception:
        if len(rows) == 1:
            logger.exception("Delivery %s raised, and leaves its bundle.", rows[0].pk)
            return list(rows)
        return [row for one in rows for row in apart([one], act)]
    return []


def put_off(row: Delivery, error: Exception, *, clock: Clock) -> None:
    """Write down that this row raised, unless it is no longer ours."""
    if not leases.record(_result(row, error, clock=clock)):
        leases.close_attempt(results.released(row, "Withdrawn.", at=clock.now()))


def _result(row: Delivery, error: Exception, *, clock: Clock) -> Result:
    now = clock.now()
    if isinstance(error, DeliveryError):
        return results.failed(row, error, at=now)
    if isinstance(error, leases.TokenLost):
        return results.released(row, "Withdrawn.", at=now)
    if isinstance(error, OperationalError) and row.phase == Phase.CLAIMED:
        # Somebody holds what it is about. The row is as good as any other.
        return results.postponed(row, DeliveryError(f"The database was busy: {error}"), at=now)
    logger.error("Delivery %s raised an error nobody foresaw.", row.pk, exc_info=error)
    if row.phase == Phase.FINAL and row.channel not in KEYED:
        return results.doubtful(row, f"{type(error).__name__}: {error}", at=now)
    return results.unexpected(row, error, earlier=leases.unexpected_so_far(row), at=now)
