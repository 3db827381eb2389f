"""Open promises are put under a newer version of their policy, a batch at a time.

A re-plan is a due row with a clock of its own. A batch is one transaction: it takes promises that
nobody holds, asks the agenda how each stands under the new steps, and records that and the steps
that are passed over. No due time moves, and nothing is sent. What was interrupted goes on after the
last batch that held; promises that somebody held are met again. It is over when no open promise is
left under an earlier version.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from commitments import agenda, lengths, messages
from commitments.errors import CommitmentError
from commitments.models import (
    Commitment,
    Event,
    EventKind,
    Occurrence,
    Replan,
    bulk,
)
from commitments.models.commitment import CommitmentQuerySet
from commitments.models.event import draft
from commitments.rules.ladder import Ladder

from .grounds import Grounds, open_under, versions_before

logger = logging.getLogger(__name__)


def replan_round(now: datetime, *, batch: int = 200) -> int:
    """Go on with every re-plan that is due, for a round's time; answers how many promises changed.

    Two rounds at once share the work: each batch is one's or the other's.
    """
    changed = 0
    ends = time.monotonic() + lengths.current().round.total_seconds()
    for pk in list(Replan.objects.filter(next_at__lte=now).values_list("pk", flat=True)):
        broken: set[int] = set()
        while time.monotonic() < ends:
            taken = _take(pk, now=now, batch=batch, broken=broken)
            if taken is None:
                break
            changed += taken
    return changed


@transaction.atomic
def _take(pk: int, *, now: datetime, batch: int, broken: set[int]) -> int | None:
    """One batch; None where there is none to be had. Adds to `broken` what cannot be planned."""
    due = Replan.objects.filter(pk=pk, next_at__lte=now).select_for_update(skip_locked=True)
    replan = due.first()
    if replan is None:  # another round has it, or has finished it
        return None
    left = open_under(versions_before(replan.version)).exclude(pk__in=broken)
    claimed = _claim(left.filter(pk__gt=replan.done_upto), batch)
    if not claimed:
        _end_of_pass(replan, left, broken=broken, now=now)
        return None
    ladder = replan.version.ladder()
    grounds = Grounds(claimed)
    events: list[Event] = []
    changed: list[Commitment] = []
    for commitment in claimed:
        try:
            events += _put_under(replan, commitment, ladder, grounds, now=now)
            changed.append(commitment)
        except CommitmentError:
            # Such as a calendar that never opens. The others are not to wait for it.
            logger.exception("Commitment %s keeps its version: it raised.", commitment.pk)
            broken.add(commitment.pk)
    bulk.write_events(events)
    if any(messages.programs.may_listen(each) for each in changed):
        messages.send(messages.programs.happened(changed, events, now=now), now=now)
    _write(changed, under=replan.version_id)
    # Its clock says how long nobody has gone on with it, not how long it takes.
    replan.done_upto, replan.next_at = claimed[-1].pk, now
    replan.changed += len(changed)
    replan.save(update_fields=["done_upto", "changed", "next_at"])
    return len(changed)


def _claim(left: CommitmentQuerySet, batch: int) -> list[Commitment]:
    """Locked first and read then, as in `held`, without the longest column."""
    free = left.select_for_update(skip_locked=True).order_by("pk")
    pks = list(free.values_list("pk", flat=True)[:batch])
    held = Commitment.objects.filter(pk__in=pks).order_by("pk")
    read = held.defer("due_steps").select_related("kind", "team")
    return list(read.with_whether_some_listen())


def _write(commitments: Sequence[Commitment], *, under: int) -> None:
    """Clocks as a sweep writes them, the version in one statement, and the rare rest."""
    bulk.write_clocks(commitments)
    held = Commitment.objects.filter(pk__in=[each.pk for each in commitments])
    held.update(policy_version=under)
    out_of_order = [each for each in commitments if "also_done" in each.changes()]
    Commitment.objects.bulk_update(out_of_order, ["also_done"])


def _end_of_pass(
    replan: Replan, left: CommitmentQuerySet, *, broken: set[int], now: datetime
) -> None:
    """Finished, or once more from the beginning for those that somebody held."""
    replan.done_upto, replan.next_at = 0, now
    if not left.exists():
        replan.next_at, replan.finished_at = None, now
        logger.info("%s: %s re-planned, %s left.", replan, replan.changed, len(broken))
    replan.save(update_fields=["done_upto", "next_at", "finished_at"])


def _put_under(
    replan: Replan, commitment: Commitment, ladder: Ladder, grounds: Grounds, *, now: datetime
) -> Sequence[Event]:
    """Change the promise in memory, and write down what that changed. Nobody is named as actor:
    the version says who made it, and nobody can take it back for one promise.
    """
    terms = grounds.terms(commitment, steps=ladder)
    standing, passed = agenda.replanned(
        agenda.Standing.of(commitment), terms, was=grounds.ladder(commitment), now=now
    )
    standing.put_into(commitment)
    commitment.policy_version = replan.version
    agenda.settle(commitment, terms)
    changes = commitment.changes()
    happened = [
        Occurrence(kind=EventKind.REPLANNED, at=now, recorded_at=now, changes=changes),
        *(Occurrence.passed_over(step, now=now) for step in passed),
    ]
    return [draft(commitment, occurrence)[0] for occurrence in happened]
