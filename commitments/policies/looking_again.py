"""The clocks of open promises follow hours that were edited, a batch at a time.

Reminders are counted in the hours in force, so every clock that other hours laid comes due, and the
sweep asks the agenda again. No promised time moves. A relook is a due row with a clock of its own:
an edit writes one for each team and is done, however many promises there are.

It begins a round after the edit: whoever had read the old hours by then, a page or a sweep, has
finished. A batch waits for whoever holds one of its promises, so that no clock is left that the old
hours laid.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from commitments import lengths
from commitments.models import Commitment, Relook, Team

logger = logging.getLogger(__name__)


def look_again(teams: QuerySet[Team], *, now: datetime) -> None:
    """Let the clocks of these teams' open promises be laid anew. Within the edit's transaction.

    A relook that is under way begins again: the promises behind it were looked at by other hours.
    """
    begins_at = now + lengths.current().round
    found = list(teams.order_by("pk").values_list("pk", flat=True))
    under_way = Relook.objects.filter(team__in=found, finished_at=None).select_for_update()
    known = set(under_way.order_by("pk").values_list("team", flat=True))
    Relook.objects.filter(team__in=known, finished_at=None).update(
        asked_at=now, done_upto=0, next_at=begins_at
    )
    Relook.objects.bulk_create(
        Relook(team_id=team, asked_at=now, next_at=begins_at) for team in found if team not in known
    )


def relook_round(now: datetime, *, batch: int = 500) -> int:
    """Go on with every relook that is due, for a round's time; answers how many clocks came due.

    Two rounds at once share the work: each batch is one's or the other's.
    """
    count = 0
    ends = time.monotonic() + lengths.current().round.total_seconds()
    for pk in list(Relook.objects.filter(next_at__lte=now).values_list("pk", flat=True)):
        while time.monotonic() < ends:
            taken = _take(pk, now=now, batch=batch)
            if taken is None:
                break
            count += taken
    return count


@transaction.atomic
def _take(pk: int, *, now: datetime, batch: int) -> int | None:
    """One batch; None where there is none to be had."""
    due = Relook.objects.filter(pk=pk, next_at__lte=now).select_for_update(skip_locked=True)
    relook = due.first()
    if relook is None:  # another round has it, or has finished it
        return None
    live = Commitment.objects.live().filter(team=relook.team_id, pk__gt=relook.done_upto)
    # Held in the order of their ids, as everybody does who holds several.
    held = live.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    pks = list(held[:batch])
    if not pks:
        _finished(relook, now=now)
        return None
    clocks = Commitment.objects.live().filter(pk__in=pks, next_action_at__gt=now)
    came_due = clocks.update(next_action="look", next_action_at=now)
    # Its clock says how long nobody has gone on with it, not how long it takes.
    relook.done_upto, relook.next_at = pks[-1], now
    relook.looked_at += len(pks)
    relook.save(update_fields=["done_upto", "looked_at", "next_at"])
    return came_due


def _finished(relook: Relook, *, now: datetime) -> None:
    relook.next_at, relook.finished_at = None, now
    relook.save(update_fields=["next_at", "finished_at"])
    logger.info("Relook %s: %s promises looked at again.", relook.pk, relook.looked_at)
