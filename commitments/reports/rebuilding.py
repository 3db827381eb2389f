"""Works out all figures of days from the promises, while everybody goes on.

For what came into the database by other ways than the verbs, for what was kept before its length
was measured, and for whoever does not trust a figure. It may be stopped and begun again at any
line: each step leaves the figures as right as it found them, or more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from commitments.models import Calendar, Commitment, FigureDay, FigureNote, Team, figures
from commitments.models.commitment import Status
from commitments.models.local_day import FIRST_DUE_ON

from . import rolling
from .rolling import Cell

_BATCH = 1000


def measure(now: datetime) -> int:
    """How long it took to keep what has no length yet, by the hours of its team as they are now;
    answers how many were measured. Their days are noted, so that they count it whatever comes next.
    """
    calendars = dict(Team.objects.values_list("pk", "calendar"))
    hours = Calendar.objects.hours_of(set(calendars.values()))
    unmeasured = Commitment.objects.filter(status=Status.FULFILLED, took_minutes=None)
    measured, last = 0, 0
    while True:
        with transaction.atomic():
            held = unmeasured.filter(pk__gt=last).order_by("pk")
            batch = list(held.select_for_update(skip_locked=True)[:_BATCH])
            if not batch:
                return measured
            for commitment in batch:
                of_team = hours[calendars[commitment.team_id]]
                commitment.took_minutes = commitment.minutes_taken(of_team)
            Commitment.objects.bulk_update(batch, ["took_minutes"])
            figures.note_now(batch, now=now)
            measured, last = measured + len(batch), batch[-1].pk


@transaction.atomic
def note_moments(now: datetime) -> int:
    """Say anew when each promise is going to count otherwise by time alone; answers how many of
    these moments were missing. No note is taken away: one that somebody leaves meanwhile is theirs.
    """
    noted = FigureNote.objects.filter(at__gte=now)
    known = set(noted.values_list("team_id", "day", "at"))
    return figures.note_moments(Commitment.objects.all(), now=now, known=known)


def cells(*, since: date | None = None) -> Iterator[Cell]:
    """Every day of every team that has promises, or had some when it was worked out last."""
    for team in Team.objects.order_by("pk").values_list("pk", flat=True):
        promises = Commitment.objects.filter(team=team).order_by()
        days = set(promises.annotate(day=FIRST_DUE_ON).values_list("day", flat=True).distinct())
        days |= set(FigureDay.objects.filter(team=team).values_list("day", flat=True))
        for day in sorted(days):
            if since is None or day >= since:
                yield Cell(team, day)


def count_again(cell: Cell, *, now: datetime) -> bool:
    """Work out one day; where somebody else is at it, ask for it to be done once more."""
    if rolling.count_again(cell, now=now):
        return True
    FigureNote.objects.create(team_id=cell.team, day=cell.day, at=now)
    return False
