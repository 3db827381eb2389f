"""Does what is due: remind, mark the breach, escalate.

A round looks before it locks; then it takes batches of due promises with SKIP LOCKED, plans each
in memory, and writes events, deliveries and clocks in three statements, so that the number of
queries does not depend on how many are due. Two rounds at once share the work and do every row
once.
"""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db import transaction

from commitments import lengths, messages
from commitments.models import Commitment, bulk, figures, row
from commitments.models.commitment import CommitmentQuerySet

from . import planning, telling
from .grounds import Grounds

logger = logging.getLogger(__name__)

_AHEAD = 20_000  # due promises, about what a round can see to
# What no round reads: half of the columns, the longest among them.
_NO_USE = (
    *(
        "team_note",
        "due_said",
        "due_steps",
        "window_start",
        "outcome",
        "closed_at",
        "value",
        "currency",
    ),
    *("evidence", "cause", "disputed_at", "customer_asked_at", "hidden_at"),
    *("follows", "origin", "origin_key", "took_minutes", "closed_in_silence"),
    *("attempted_at", "untold_due_at", "customer_wait", "next_action", "next_action_at"),
    *("customer__phone", "customer__external_source", "customer__external_id"),
)


@dataclass(frozen=True, kw_only=True)
class Round:
    """What a round did: promises seen to, and promises that raised and were set aside."""

    done: int = 0
    put_off: int = 0

    @property
    def seen_to(self) -> int:
        return self.done + self.put_off

    def __add__(self, other: Round) -> Round:
        return Round(done=self.done + other.done, put_off=self.put_off + other.put_off)


def run(now: datetime, *, past_due: bool | None = None, batch: int = 500) -> Round:
    """Do all that is due at `now`, or as much as fits a round's time.

    `past_due` True takes only promises whose due time has passed, False only those whose due time
    lies ahead: so one job can be paused and the other goes on.
    """
    teams = _teams_of_what_is_due(now, past_due=past_due)
    if not teams:
        return Round()
    with _nothing_collected():
        total = _batches(teams, past_due=past_due, batch=batch, now=now)
    messages.hurry()
    return total


def one(commitment_id: int, *, now: datetime) -> bool:
    """See to this promise alone; answers whether it was due and nobody else held it."""
    claim = _claim(_due(now, past_due=None).filter(pk=commitment_id), 1)
    return _see_to(claim, Grounds(now=now), now=now).done == 1


def count_due(now: datetime) -> int:
    """How many promises a round at `now` would see to."""
    return _due(now, past_due=None).count()


def _due(now: datetime, *, past_due: bool | None) -> CommitmentQuerySet:
    due = Commitment.objects.filter(next_action_at__lte=now)
    if past_due is None:
        return due
    return due.filter(due_at__lte=now) if past_due else due.filter(due_at__gt=now)


def _teams_of_what_is_due(now: datetime, *, past_due: bool | None) -> list[int]:
    """Of each promise that is due, as far as a round sees to.

    Asked in the order of the clock: any other way, stale statistics make it a walk over all.
    """
    due = _due(now, past_due=past_due).order_by("next_action_at")
    return list(due.values_list("team_id", flat=True)[:_AHEAD])


def _batches(teams: Sequence[int], *, past_due: bool | None, batch: int, now: datetime) -> Round:
    """One after the other. What they share goes with the last: nobody looks for rings in it."""
    total, grounds = Round(), Grounds(now=now, teams=set(teams))
    claim = _claim(_due(now, past_due=past_due), batch)
    ends = time.monotonic() + lengths.current().round.total_seconds()
    while True:
        taken = _take(claim, grounds, past_due=past_due, batch=batch, now=now)
        total += taken
        is_all = len(teams) < _AHEAD and total.seen_to >= len(teams)
        if is_all or taken.seen_to < batch or time.monotonic() > ends:
            return total


def _take(
    claim: CommitmentQuerySet,
    grounds: Grounds,
    *,
    past_due: bool | None,
    batch: int,
    now: datetime,
) -> Round:
    try:
        return _see_to(claim, grounds, now=now)
    except Exception:
        logger.exception("A batch raised; it is done again row by row.")
    return _one_by_one(now, past_due=past_due, batch=batch)


def _see_to(claim: CommitmentQuerySet, grounds: Grounds, *, now: datetime) -> Round:
    with transaction.atomic():
        claimed = sorted(row.read(claim), key=attrgetter("id"))  # asked anew for each batch
        if claimed:
            _do(claimed, grounds, now=now)
    return Round(done=len(claimed))


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """A batch makes a hundred thousand objects, all in use until it ends, and no rings of them.

    To look for rings among them, again and again, would be a fifth of a round; among the people
    whom it holds to the end, between two batches, a twentieth.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _claim(due: CommitmentQuerySet, batch: int) -> CommitmentQuerySet:
    """A batch of due promises, held until the transaction ends; SQLite's write lock holds all.

    Only what never changes is joined: what a statement joins is as old as the statement, and a row
    that it had to wait for is newer. In the order of the clock and of nothing else: an index has
    it, and the due times beside it, so that nothing is sorted.
    """
    claimed = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_action_at")
    read = claimed.select_related("customer").defer(*_NO_USE)
    return read.with_last_breach().with_whether_some_listen()[:batch]


def _one_by_one(now: datetime, *, past_due: bool | None, batch: int) -> Round:
    total = Round()
    first = _due(now, past_due=past_due).order_by("next_action_at")  # as it was claimed
    for pk in list(first.values_list("pk", flat=True)[:batch]):
        try:
            claim = _claim(_due(now, past_due=past_due).filter(pk=pk), 1)
            total += _see_to(claim, Grounds(now=now), now=now)
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
    grounds.know(commitments)
    plan = planning.of(commitments, grounds, now=now)
    bulk.write_events(plan.events)
    telling.tell(plan, grounds, now=now)
    bulk.write_clocks(plan.commitments)
    handed = [each.commitment for each in plan.done if each.hand_over]
    bulk.write_hands(handed)
    # That a due time has passed, figures know beforehand.
    figures.note_now(handed, now=now)
