"""Does what is due: remind, mark the breach, escalate.

A round looks before it locks; then it takes batches of due promises with SKIP LOCKED, plans each
in memory, and writes events, deliveries and clocks in three statements, so that the number of
queries does not depend on how many are due. Two rounds at once share the work and do every row
once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from commitments import lengths
from commitments.models import Commitment, bulk
from commitments.models.commitment import CommitmentQuerySet

from . import planning, telling
from .grounds import Grounds

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Round:
    """What a round did: promises seen to, and promises that raised and were set aside."""

    done: int = 0
    put_off: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(done=self.done + other.done, put_off=self.put_off + other.put_off)


def run(now: datetime, *, past_due: bool | None = None, batch: int = 500) -> Round:
    """Do all that is due at `now`, or as much as fits a round's time.

    `past_due` True takes only promises whose due time has passed, False only those whose due time
    lies ahead: so one job can be paused and the other goes on.
    """
    total, grounds = Round(), Grounds(now=now)
    ends = time.monotonic() + lengths.current().round.total_seconds()
    while _due(now, past_due=past_due).exists():
        taken = _take(now, grounds, past_due=past_due, batch=batch)
        total += taken
        if taken == Round() or time.monotonic() > ends:
            break
    return total


def one(commitment_id: int, *, now: datetime) -> bool:
    """See to this promise alone; answers whether it was due and nobody else held it."""
    with transaction.atomic():
        claimed = _claim(_due(now, past_due=None).filter(pk=commitment_id), 1)
        _do(claimed, Grounds(now=now), now=now)
    return bool(claimed)


def count_due(now: datetime) -> int:
    """How many promises a round at `now` would see to."""
    return _due(now, past_due=None).count()


def _due(now: datetime, *, past_due: bool | None) -> CommitmentQuerySet:
    due = Commitment.objects.filter(next_action_at__lte=now)
    if past_due is None:
        return due
    return due.filter(due_at__lte=now) if past_due else due.filter(due_at__gt=now)


def _take(now: datetime, grounds: Grounds, *, past_due: bool | None, batch: int) -> Round:
    try:
        with transaction.atomic():
            claimed = _claim(_due(now, past_due=past_due), batch)
            _do(claimed, grounds, now=now)
        return Round(done=len(claimed))
    except Exception:
        logger.exception("A batch raised; it is done again row by row.")
    return _one_by_one(now, past_due=past_due, batch=batch)


def _claim(due: CommitmentQuerySet, batch: int) -> list[Commitment]:
    """A batch of due promises, held until the transaction ends; SQLite's write lock holds all.

    Locked first and read then, as in `held`: what a statement joins is as old as the statement.
    Why a promise is due is not read: a round has no use for it, and it is the longest column.
    """
    claimed = due.select_for_update(skip_locked=True).order_by("next_action_at", "pk")
    pks = list(claimed.values_list("pk", flat=True)[:batch])
    held = Commitment.objects.filter(pk__in=pks).order_by("next_action_at", "pk")
    return list(
        held.defer("due_steps").select_related(
            *("customer", "owner", "kind", "conversation__customer", "team", "acknowledged_by")
        )
    )


def _one_by_one(now: datetime, *, past_due: bool | None, batch: int) -> Round:
    total = Round()
    for pk in list(_due(now, past_due=past_due).values_list("pk", flat=True)[:batch]):
        try:
            with transaction.atomic():
                claimed = _claim(_due(now, past_due=past_due).filter(pk=pk), 1)
                _do(claimed, Grounds(now=now), now=now)
            total += Round(done=len(claimed))
        except Exception:
            # Leave a broken row alone for a while: it would always be first in line,
            # and every promise behind it would wait.
            logger.exception("Commitment %s raised and is put off.", pk)
            put_off = now + lengths.current().put_off
            Commitment.objects.filter(pk=pk, next_action_at__lte=now).update(
                next_action="put_off", next_action_at=put_off
            )
            total += Round(put_off=1)
    return total


def _do(commitments: Sequence[Commitment], grounds: Grounds, *, now: datetime) -> None:
    plan = planning.of(commitments, grounds, now=now)
    bulk.write_events(plan.events)
    telling.tell(plan.done, grounds, now=now)
    bulk.write_clocks(plan.commitments)
