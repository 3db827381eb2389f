"""How fresh the figures of history are. What is overdue now is read live, and always of now."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from commitments.models import FigureNote

from .scope import Scope


def fresh_as_of(scope: Scope, now: datetime) -> datetime:
    """Whatever happened before then is in the figures: the oldest change that is not yet, or now.
    One query.
    """
    oldest: datetime | None = oldest_change(scope, now).values_list("at", flat=True).first()
    return oldest or now


def oldest_change(scope: Scope, now: datetime) -> QuerySet[FigureNote]:
    """The one that has waited longest to be counted, if any does."""
    since, until = scope.period.since, scope.period.until
    waiting = FigureNote.objects.filter(
        at__lt=now, team__in=sorted(scope.teams), day__range=(since, until)
    )
    return waiting.order_by("at")[:1]
