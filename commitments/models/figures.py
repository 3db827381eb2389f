"""Figures of each day, rolled up so that history need not be counted again for every reader.

All promises of a team that were first due on one day are a *cell*. Its rows are worked out anew
from the promises themselves whenever one of them came to count otherwise; `reports.rolling` does
so. What did, leaves a note in its own transaction: one insert, which waits for nobody. Time alone
changes how a promise counts as well, at its due time and at one that it let pass: that is noted
beforehand, so that no sweep has to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final

from django.db import models

from commitments.rules.lifecycle import LIVE

from . import row
from .commitment import Commitment, CommitmentQuerySet
from .kind import Kind
from .local_day import day_of
from .people import Team, User

# The columns of a promise that figures of a day count by.
COUNTED: Final = frozenset(
    {"status", "outcome", "team_id", "owner_id", "due_at", "untold_due_at", "attempted_at"}
)
# Those that say when it will count otherwise by time alone.
_TIMED: Final = frozenset({"status", "team_id", "due_at", "untold_due_at"})
_BATCH: Final = 1000


# Rows of figures come and go by the thousand, and nothing that they name is ever deleted while it
# has promises: the database need not look it up for each.


class FigureNote(models.Model):
    """Once `at` has passed, the figures of this day of this team are to be worked out anew."""

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    at = models.DateTimeField()
    put_off_until = models.DateTimeField(null=True)  # could not be worked out

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # Which days are to be worked out? How fresh are the figures?
            models.Index(fields=["at"], name="figure_note_due"),
        ]

    def __str__(self) -> str:
        return f"{self.day} of team {self.team_id}, after {self.at:%Y-%m-%d %H:%M}"


class FigureDay(models.Model):
    """A cell that has been worked out. Whoever does so again holds this row until all is replaced:
    of two at once the second reads the promises later, and what it has seen is what stays.
    """

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["team", "day"], name="one_cell_per_team_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} of team {self.team_id}"


class KeptFigure(models.Model):
    """How many promises of a cell ended in which way, by kind and owner."""

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    kind = models.ForeignKey(
        Kind, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    owner = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    on_time = models.PositiveIntegerField()
    moved = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    broken = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    pending = models.PositiveIntegerField()
    released = models.PositiveIntegerField()
    void = models.PositiveIntegerField()
    attempted = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Also: the figures of some teams in a period.
            models.UniqueConstraint(
                fields=["team", "day", "kind", "owner"], name="one_kept_figure_per_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} of team {self.team_id}: {self.on_time} on time"


class LastingFigure(models.Model):
    """How many promises of a cell took how long to keep, by kind: `rung` is that of
    `reports.lasting`, each a tenth longer than the one before.
    """

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    kind = models.ForeignKey(
        Kind, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    rung = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["team", "day", "kind", "rung"], name="one_lasting_figure_per_rung"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} of team {self.team_id}: {self.n} of rung {self.rung}"


class RatedFigure(models.Model):
    """What customers answered about promises of a cell, by kind, owner and what had happened.

    `rating` is 0 for those that were asked and have not answered, or not in a way that holds.
    """

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    kind = models.ForeignKey(
        Kind, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    owner = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    happened = models.CharField(max_length=12)
    rating = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["team", "day", "kind", "owner", "happened", "rating"],
                name="one_rated_figure_per_rating",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} of team {self.team_id}: {self.n} rated {self.rating}"


def note(commitment: Commitment, changes: Mapping[str, Any], *, now: datetime) -> None:
    """Say that this promise counts otherwise from `now` on, if that is what `changes` come to, by
    name as an event has them.

    In the transaction of what changed it: one without the other would be forgotten, or a lie.
    """
    was_asked = commitment.is_waiting and "told_at" in changes
    if was_asked or not COUNTED.isdisjoint(changes):
        _write(_cells(commitment, changes, now=now))


def notes_of_many(
    changed: Iterable[tuple[Commitment, Mapping[str, Any]]], *, now: datetime
) -> list[FigureNote]:
    """The same of many promises, each with what its event changed, for the caller to write."""
    return _notes(
        cell for commitment, changes in changed for cell in _cells(commitment, changes, now=now)
    )


def note_now(commitments: Iterable[Commitment], *, now: datetime) -> None:
    """The same of some of which nothing else is known: they changed hands, or customers were asked
    about them, or answered.
    """
    _write((each.team_id, _day(each), now) for each in commitments)


def note_moments(
    promises: CommitmentQuerySet,
    *,
    now: datetime,
    known: Collection[tuple[int, date, datetime]] = (),
) -> int:
    """Say anew when each of these is going to count otherwise by time alone, without the moments
    that are `known`; answers how many were missing.
    """
    rows = promises.live().values_list(
        "team_id", "first_due_at", "due_zone", "due_at", "untold_due_at"
    )
    moments = {
        (team, day_of(first_due_at, zone), at)
        for team, first_due_at, zone, *times in rows.iterator(chunk_size=_BATCH)
        for at in times
        if at is not None and at >= now
    }
    missing = moments.difference(known)
    _write(missing)
    return len(missing)


_Cell = tuple[int, date, datetime]


def _cells(commitment: Commitment, changes: Mapping[str, Any], *, now: datetime) -> Iterator[_Cell]:
    day = _day(commitment)
    yield commitment.team_id, day, now
    team_before = changes["team_id"][0] if "team_id" in changes else None
    if team_before is not None:
        yield team_before, day, now
    if _TIMED.isdisjoint(changes) or commitment.status not in LIVE:
        return
    for moment in (commitment.due_at, commitment.untold_due_at):
        if moment is not None and moment >= now:
            yield commitment.team_id, day, moment


def _write(cells: Iterable[_Cell]) -> None:
    row.insert(_notes(cells))


def _notes(cells: Iterable[_Cell]) -> list[FigureNote]:
    return [FigureNote(team_id=team, day=day, at=at) for team, day, at in sorted(set(cells))]


def _day(commitment: Commitment) -> date:
    return day_of(commitment.first_due_at, commitment.due_zone)
