"""What the company makes of its weeks: thanks among colleagues, and a review with its decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Final

from commitments import services
from commitments.models import Commitment, Review, User

from .company import BILLING
from .deeds import Stage

_Doing = tuple[datetime, Callable[..., None]]  # called with `now`

_THANKS: Final = (
    ("-3 16:00", "dev", True, "You rang twice and wrote down every word. Thank you."),
    ("-2 09:30", "ines", False, "That was a hard call, and you stayed kind. I noticed."),
)
_STORM: Final = services.Findings(
    title="Refunds that slipped past the weekend",
    happened="Refunds that were agreed on a Friday afternoon were first looked at on Tuesday.\n"
    "Nobody saw on Monday that they were due, because the list was sorted by customer.",
    why="The board of Monday morning does not show what Friday promised.",
)
_DECISIONS: Final = (
    ("Show Friday's refunds on Monday's board", "omar", 4),
    ("Write down who looks at refunds on Mondays", "ana", 9),
)


def doings(stage: Stage) -> Iterator[_Doing]:
    """Each with its moment, beside those of the stories."""
    for at, giver, shared, words in _THANKS:
        thank = partial(_thank, stage.company.people[giver], shared=shared, words=words)
        yield stage.diary.when(at), partial(thank, stage.company.people["ana"])
    yield stage.diary.when("-1 10:00"), partial(_review, stage)


def _thank(giver: User, whom: User, *, shared: bool, words: str, now: datetime) -> None:
    kept = Commitment.objects.filter(owner=whom, status="fulfilled").exclude(thanks__giver=giver)
    services.thank(
        kept.latest("closed_at").pk,
        by=giver,
        owner_id=whom.pk,
        note=words,
        shared=shared,
        now=now,
    )


def _review(stage: Stage, *, now: datetime) -> None:
    team, lead = stage.company.teams[BILLING], stage.company.people["dev"]
    late = Commitment.objects.filter(team=team).exclude(cause="").order_by("-first_due_at", "-pk")
    picked = list(late.values_list("pk", flat=True)[:5])
    review = services.begin_review(team.pk, _STORM, promises=picked, by=lead, now=now)
    for wording, owner, days in _DECISIONS:
        _decide(review, stage, wording, owner=owner, days=days, now=now)


def _decide(
    review: Review, stage: Stage, wording: str, *, owner: str, days: int, now: datetime
) -> None:
    hours = review.team.calendar.hours()
    services.decide(
        review.pk,
        wording=wording,
        owner_id=stage.company.people[owner].pk,
        due_at=hours.closing(now, days),
        by=stage.company.people["dev"],
        now=now,
    )
