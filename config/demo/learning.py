"""What the company makes of its weeks: thanks among colleagues, and reviews with decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from commitments import services
from commitments.models import Commitment, Review, User

from .company import BILLING, FIELD
from .deeds import Stage

_Doing = tuple[datetime, Callable[..., None]]  # called with `now`

# When, who thanks whom, whether the team reads it, and the words.
_THANKS: Final = (
    ("-9 15:10", "rhys", "kofi", True, "The landlord had given up; you had not."),
    ("-6 11:40", "lena", "tess", True, "You took my visit on the wettest day of the year."),
    ("-5 16:20", "ines", "omar", True, "Two months of bills, explained in ten calm minutes."),
    ("-4 10:15", "ana", "omar", True, "You stayed on the line with my customer until it worked."),
    ("-3 16:00", "dev", "ana", True, "You rang twice and wrote down every word. Thank you."),
    ("-2 09:30", "ines", "ana", False, "That was a hard call, and you stayed kind. I noticed."),
    ("-2 14:30", "marta", "ivy", True, "Not one new tenant waited for an answer this week."),
)
_WEEKEND: Final = services.Findings(
    title="Refunds that slipped past the weekend",
    happened="Refunds that were agreed on a Friday afternoon were first looked at on Tuesday.\n"
    "Nobody saw on Monday that they were due, because the list was sorted by customer.",
    why="The board of Monday morning does not show what Friday promised.",
)
_VISITS: Final = services.Findings(
    title="Visits that were handed on and forgotten",
    happened="Visits changed hands when a shift ended, and the new owner first read of them on\n"
    "the day after. Three customers had stayed at home for nobody.",
    why="What is handed on after five o'clock is seen by nobody before nine.",
)


@dataclass(frozen=True, kw_only=True)
class _Looking:
    """A review: what was found, and what was decided, by whom and in how many working days."""

    at: str
    team: str
    findings: services.Findings
    decisions: tuple[tuple[str, str, int], ...]


_REVIEWS: Final = (
    _Looking(
        at="-9 14:00",
        team=FIELD,
        findings=_VISITS,
        decisions=(
            ("Ring whoever takes over before a shift ends", "lena", 4),
            ("Keep half an hour free at nine for what came overnight", "tess", 12),
        ),
    ),
    _Looking(
        at="-1 10:00",
        team=BILLING,
        findings=_WEEKEND,
        decisions=(
            ("Show Friday's refunds on Monday's board", "omar", 4),
            ("Write down who looks at refunds on Mondays", "ana", 9),
        ),
    ),
)


def doings(stage: Stage) -> Iterator[_Doing]:
    """Each with its moment, beside those of the stories."""
    people = stage.company.people
    for at, giver, whom, shared, words in _THANKS:
        thank = partial(_thank, people[giver], shared=shared, words=words)
        yield stage.diary.when(at), partial(thank, people[whom])
    for each in _REVIEWS:
        yield stage.diary.when(each.at), partial(_review, stage, each)
    yield stage.diary.when("-6 10:30"), partial(_keep_the_first, _VISITS.title, people["lena"])


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


def _review(stage: Stage, looking: _Looking, *, now: datetime) -> None:
    team, lead = stage.company.teams[looking.team], stage.company.people["dev"]
    late = Commitment.objects.filter(team=team).exclude(cause="").order_by("-first_due_at", "-pk")
    picked = list(late.values_list("pk", flat=True)[:5])
    review = services.begin_review(team.pk, looking.findings, promises=picked, by=lead, now=now)
    for wording, owner, days in looking.decisions:
        _decide(review, stage, wording, owner=owner, days=days, now=now)


def _keep_the_first(title: str, owner: User, *, now: datetime) -> None:
    """A decision is kept like any other promise."""
    decided = Commitment.objects.filter(decision__review__title=title, owner=owner)
    done = "Agreed in the team, and it stands on the door."
    services.fulfil(decided.latest("pk").pk, by=owner, how=done, evidence="", cause="", now=now)


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
