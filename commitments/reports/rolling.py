"""Works out anew the days of which something has come to count otherwise.

One day of one team at a time, in one transaction: hold the day's row, take its notes away, read the
promises, replace what differs. Whatever was noted and taken away had been committed before the
promises are read; what is committed later has a note that stays. So a crash between any two lines
costs nothing, and of two rounds at once on one day one leaves it to the other.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import models, transaction
from django.db.models import Count, Q

from commitments import lengths
from commitments.models import (
    Commitment,
    FigureDay,
    FigureNote,
    KeptFigure,
    LastingFigure,
    RatedFigure,
    figures,
)
from commitments.models.commitment import CommitmentQuerySet

from . import lasting, parts, ratings
from .scope import first_due_within

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 5_000  # notes; most of them are about the same few days
_ROUND: Final = timedelta(seconds=10)  # other work waits behind this
_KEPT: Final = ("kind_id", "owner_id", *parts.PARTS)
_LASTING: Final = ("kind_id", "rung", "n")
_RATED: Final = ("kind_id", "owner_id", "happened", "rating", "n")


class Cell(NamedTuple):
    """All promises of a team that were first due on one day."""

    team: int
    day: date


def run(now: datetime) -> int:
    """Work out the days that have a note that is due, the oldest first; answers how many."""
    ends = time.monotonic() + _ROUND.total_seconds()
    done = 0
    while noted := _noted(now):
        worked_out = 0
        for cell, notes in noted.items():
            worked_out += _see_to(cell, notes, now=now)
            if time.monotonic() > ends:
                return done + worked_out
        if not worked_out:  # others hold what is left
            break
        done += worked_out
    return done


def count_again(cell: Cell, *, now: datetime, notes: Collection[int] = ()) -> bool:
    """Work out one day; False where somebody else is at it."""
    with transaction.atomic():
        FigureDay.objects.bulk_create(
            [FigureDay(team_id=cell.team, day=cell.day)], ignore_conflicts=True
        )
        days = FigureDay.objects.select_for_update(skip_locked=True)
        held = days.filter(team=cell.team, day=cell.day).first()
        if held is None:
            return False
        FigureNote.objects.filter(pk__in=notes).delete()
        if held.counted_at is not None and held.counted_at > now:
            # Another round, or a clock that was put right, has been further on: what it took away
            # about moments that are still to come must be noted again.
            figures.note_moments(_promises(cell), now=now)
        _count(cell, now=now)
        held.counted_at = now
        held.save(update_fields=["counted_at"])
    return True


def _noted(now: datetime) -> dict[Cell, list[int]]:
    ready = Q(put_off_until=None) | Q(put_off_until__lte=now)
    notes = FigureNote.objects.filter(ready, at__lt=now).order_by("at", "pk")
    cells: dict[Cell, list[int]] = defaultdict(list)
    for pk, team, day in notes.values_list("pk", "team_id", "day")[:_AT_ONCE]:
        cells[Cell(team, day)].append(pk)
    return cells


def _see_to(cell: Cell, notes: Sequence[int], *, now: datetime) -> bool:
    try:
        return count_again(cell, now=now, notes=notes)
    except Exception:
        # One day that cannot be worked out must not keep all others from their readers.
        logger.exception("Figures of %s, team %s, are put off.", cell.day, cell.team)
        later = now + lengths.current().put_off
        FigureNote.objects.filter(pk__in=notes).update(put_off_until=later)
        return False


def _count(cell: Cell, *, now: datetime) -> None:
    promises = _promises(cell)
    counts = {part: Count("pk", filter=each) for part, each in parts.of(now).items()}
    kept = promises.values("kind_id", "owner_id").annotate(**counts)
    took = lasting.done(promises).annotate(rung=lasting.RUNG).values("kind_id", "rung")
    said = ratings.of_check_ins(promises).annotate(rating=ratings.RATING)
    groups = ("commitment__kind_id", "commitment__owner_id", "counts_as", "rating")
    _replace(KeptFigure, cell, _KEPT, kept.values_list(*_KEPT))
    _replace(LastingFigure, cell, _LASTING, took.annotate(n=Count("pk")).values_list(*_LASTING))
    rated = said.values(*groups).annotate(n=Count("pk")).values_list(*groups, "n")
    _replace(RatedFigure, cell, _RATED, rated)


def _promises(cell: Cell) -> CommitmentQuerySet:
    theirs = Commitment.objects.filter(team=cell.team, kind__for_customers=True)
    return first_due_within(theirs, cell.day, cell.day).order_by()


def _replace(
    model: type[models.Model],
    cell: Cell,
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],  # Any: column values
) -> None:
    """Only what differs is written: most rows of a day stay as they are."""
    wanted = set(rows)
    before = model._default_manager.filter(team_id=cell.team, day=cell.day)
    known = {tuple(row): pk for pk, *row in before.values_list("pk", *names)}
    if gone := known.keys() - wanted:
        model._default_manager.filter(pk__in=[known[row] for row in gone]).delete()
    new = [
        model(team_id=cell.team, day=cell.day, **dict(zip(names, row, strict=True)))
        for row in wanted - known.keys()
    ]
    if new:
        model._default_manager.bulk_create(new)
