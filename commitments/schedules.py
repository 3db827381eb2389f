"""Runs what is daily or weekly, and what takes long. A missed run is done once, as soon as somebody
looks again.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from django.db import transaction

from . import digests, imports, inbound, lengths, mailings, messages, policies
from .models import Attachment, OnceKey, Schedule
from .services import suggestions

logger = logging.getLogger(__name__)

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
        OnceKey.objects.filter(expires_at__lte=now).delete()
        mailings.begin_weekly(now)
        # Afterwards, in small transactions of their own.
        transaction.on_commit(partial(messages.prune, now), robust=True)
        transaction.on_commit(partial(_prune_files, now), robust=True)
        transaction.on_commit(partial(suggestions.prune, now), robust=True)
        transaction.on_commit(partial(inbound.prune, now), robust=True)
    elif schedule.what == Schedule.What.DIGEST:
        digests.send(schedule, now=now)
    if schedule.what in _BY_MAIL:
        mailings.send(schedule, now=now)  # which says when it is looked at again
    else:
        schedule.next_at = schedule.after(now)
    schedule.save(update_fields=["next_at", "told_of", "zone"])
    return 1


def _prune_files(now: datetime) -> None:
    """Files of customers who were erased, of old imports, and those that a crash left without a
    row.
    """
    before = now - lengths.current().stray_file_kept
    with transaction.atomic():
        gone = Attachment.objects.prune(strays_before=before)
    brought = imports.prune(now)
    if brought:
        logger.info("%s files of imports were removed.", brought)
    if gone:
        logger.info("%s files of customers were removed.", gone)
