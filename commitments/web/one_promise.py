"""One promise with all that its page says, read in one query.

Its ladder, its team's hours and who is away now are a few rows each; read one after another they
would be half of what the page asks of the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime

from commitments import checkins
from commitments.models import (
    Absence,
    Commitment,
    Decision,
    Event,
    EventKind,
    Holiday,
    OpeningHours,
    Step,
    Thanks,
)
from commitments.models.commitment import CommitmentQuerySet
from commitments.models.gathered import gathered, nested

_STEP = (
    *("number", "position", "basis", "offset", "audience", "words", "hands_to"),
    *("repeat_every", "repeat_cap", "pierces_quiet"),
)


def with_all_around(now: datetime) -> CommitmentQuerySet:
    """Promises with `times_moved`, `in_doubt`, `decided_in` (a review), `thanked_privately`, and
    the rows that `unfold` puts in their places.
    """
    moves = Event.objects.filter(commitment=OuterRef("pk"), kind=EventKind.MOVED)
    count = moves.order_by().values("commitment").annotate(times=Count("pk")).values("times")
    calendar = OuterRef("team__calendar")
    away = Absence.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return Commitment.objects.annotate(
        in_doubt=checkins.in_doubt(),
        decided_in=Subquery(Decision.objects.filter(commitment=OuterRef("pk")).values("review")),
        thanked_privately=Exists(Thanks.objects.private().filter(commitment=OuterRef("pk"))),
        times_moved=Coalesce(Subquery(count), 0),
        its_steps=gathered(Step.objects.filter(version=OuterRef("policy_version")), *_STEP),
        its_hours=gathered(
            OpeningHours.objects.filter(calendar=calendar), "weekday", "opens", "closes"
        ),
        its_holidays=gathered(Holiday.objects.filter(calendar=calendar), "on", "spans", "name"),
        away_now=gathered(away, "id", "user_id", "deputy_id", "starts_at", "ends_at"),
    )


def unfold(commitment: Commitment) -> list[Absence]:
    """Put the gathered rows where `prefetch_related` would; answers who is away."""
    calendar = commitment.team.calendar
    steps = [
        Step(**row | {"audience": nested(row["audience"])}) for row in _of(commitment, "its_steps")
    ]
    hours = [OpeningHours(**row) for row in _of(commitment, "its_hours")]
    _place(commitment.policy_version, "steps", steps)
    _place(calendar, "opening_hours", sorted(hours, key=lambda row: (row.weekday, row.opens)))
    _place(calendar, "holidays", sorted(_holidays(commitment), key=lambda row: row.on))
    away = [_absence(row) for row in _of(commitment, "away_now")]
    return sorted(away, key=lambda absence: (absence.ends_at, absence.pk))


def _of(commitment: Commitment, name: str) -> list[dict[str, Any]]:  # Any: JSON
    return getattr(commitment, name) or []


def _holidays(commitment: Commitment) -> Iterable[Holiday]:
    for row in _of(commitment, "its_holidays"):
        on = date.fromisoformat(row["on"])
        yield Holiday(on=on, spans=nested(row["spans"]), name=row["name"])


def _absence(row: dict[str, Any]) -> Absence:  # Any: JSON
    instants = {name: _instant(row[name]) for name in ("starts_at", "ends_at")}
    return Absence(**row | instants)


def _instant(text: str) -> datetime:
    at = parse_datetime(text)
    if at is None:
        raise ValueError(f"The database names no instant: {text!r}")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _place(row: models.Model, name: str, rows: list[Any]) -> None:  # Any: any model
    held = getattr(row, "_prefetched_objects_cache", {})
    row._prefetched_objects_cache = {**held, name: rows}  # type: ignore[attr-defined]  # Django's own
