"""What My promises says of the week behind: how promises ended, and what customers said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Exists, OuterRef, Q

from commitments.models import CheckInAnswer
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules.lifecycle import Outcome

SOON = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How promises ended. What was released or logged by mistake counts neither way.

    `attempted` are those of the late and broken ones that were tried in their window: they stand
    beside the outcomes, and are never among the kept.
    """

    on_time: int
    moved: int
    late: int
    broken: int
    attempted: int


def ended(among: CommitmentQuerySet, *, since: datetime) -> Ended:
    """The outcomes of what was closed from then on, in one query."""
    not_kept = Q(outcome__in=[Outcome.LATE, Outcome.BROKEN])
    counts = among.order_by().filter(closed_at__gte=since).aggregate(
        on_time=Count("pk", filter=Q(outcome=Outcome.ON_TIME)),
        moved=Count("pk", filter=Q(outcome=Outcome.MOVED)),
        late=Count("pk", filter=Q(outcome=Outcome.LATE)),
        broken=Count("pk", filter=Q(outcome=Outcome.BROKEN)),
        attempted=Count("pk", filter=not_kept & Q(attempted_at__isnull=False)),
    )  # fmt: skip
    return Ended(**counts)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What customers answered when they were asked: an average of 1 to 5, and of how many."""

    average: float | None
    answers: int


def said(about: CommitmentQuerySet, *, since: datetime) -> Said:
    """The answers given since then about these promises, in one query.

    Of each check-in only the latest confirmed answer counts, however many promises it asks about.
    """
    confirmed = CheckInAnswer.objects.filter(confirmed=True)
    later = confirmed.filter(check_in=OuterRef("check_in"), pk__gt=OuterRef("pk"))
    asked = about.order_by().filter(check_in_items__check_in=OuterRef("check_in"))
    counted = confirmed.filter(~Exists(later), Exists(asked), at__gte=since)
    return Said(**counted.aggregate(average=Avg("rating"), answers=Count("pk")))
