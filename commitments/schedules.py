"""Runs what is daily or weekly, and what takes long. A missed run is done once, as soon as somebody
looks again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from . import digests, imports, lengths, mailings, policies, retention
from .models import Schedule

logger = logging.getLogger(__name__)

_GO_ON_AFTER: Final = timedelta(minutes=1)
_BY_MAIL = frozenset({Schedule.What.WEEKLY, Schedule.What.REPORT})


def run(now: datetime) -> int:
    """Run every schedule that has come due, and go on with re-plans, relooks and imports.

    Answers how many were run, promises re-planned or looked at again, and batches brought in.
    """
    done = 0
    for pk in list(Schedule.objects.due(now).values_list("pk", flat=True)):
        try:
            done += _run_one(pk, now=now)
        except Exception:
            # One person's digest that cannot be made must not cost everybody else theirs.
            logger.exception("Schedule %s raised and is put off.", pk)
            put_off = now + lengths.current().put_off
            Schedule.objects.due(now).filter(pk=pk).update(next_at=put_off)
    return done + policies.replan_round(now) + policies.relook_round(now) + imports.run(now)


@transaction.atomic
def _run_one(pk: int, *, now: datetime) -> int:
    schedule = Schedule.objects.due(now).select_for_update(skip_locked=True).filter(pk=pk).first()
    if schedule is None:  # another round has it
        return 0
    if schedule.what == Schedule.What.HOUSEKEEPING:
        mailings.begin_weekly(now)
        # Afterwards, in small transactions of their own.
        transaction.on_commit(partial(_forget_what_is_old, pk, now), robust=True)
    elif schedule.what == Schedule.What.DIGEST:
        digests.send(schedule, now=now)
    if schedule.what in _BY_MAIL:
        mailings.send(schedule, now=now)  # which says when it is looked at again
    else:
        schedule.next_at = schedule.after(now)
    schedule.save(update_fields=["next_at", "told_of", "zone"])
    return 1


def _forget_what_is_old(pk: int, now: datetime) -> None:
    """What there was no time for is gone on with in a minute."""
    gone = retention.apply(retention.kinds(now), within=retention.ROUND)
    for code, rows in gone.rows.items():
        if rows:
            logger.info("Retention: %s of %s went.", rows, code)
    if not gone.is_all:
        soon = now + _GO_ON_AFTER
        Schedule.objects.filter(pk=pk, next_at__gt=soon).update(next_at=soon)
