"""How fresh the figures of history are. What is overdue now is read live, and always of now."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from commitments.models import FigureNote

from .scope import Scope


def fresh_as_of(scope: Scope, now: datetime) -> datetime:
    """Whatever happened before then is in the figures: the oldest change that is not yet, or now.
    One query.
    """
    since, until = scope.period.since, scope.period.until
    waiting = FigureNote.objects.filter(
        at__lt=now, team__in=sorted(scope.teams), day__range=(since, until)
    )
    oldest: datetime | None = waiting.aggregate(oldest=Min("at"))["oldest"]
    return oldest or now
