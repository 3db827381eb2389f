"""Incident reviews: begun, put into words, and led to decisions that somebody owns.

A decision is promised to the team itself. The team stands in it where a customer stands elsewhere,
without an address, and its kind says that it is not for customers: nothing about it is ever sent
outside, and no figure about customers counts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from commitments.errors import CommitmentError
from commitments.models import (
    Commitment,
    Customer,
    Decision,
    Kind,
    Policy,
    PolicyVersion,
    Review,
    ReviewedPromise,
    Team,
    User,
)
from commitments.rules import ladder, lifecycle, words
from commitments.rules.ladder import Basis

from .making import Draft, make
from .work import role_of

DECISION: Final = "review-decision"  # the code of the kind
MOST_PROMISES: Final = 100
_POLICY: Final = "Decisions of reviews"
_HOUR: Final = 3600
_LADDER: Final = (
    ladder.Step(number=1, basis=Basis.WORKING, offset=-8 * _HOUR, audience=("owner",)),
    ladder.Step(number=2, basis=Basis.WORKING, offset=0, audience=("owner", "deputy")),
    ladder.Step(number=3, basis=Basis.WORKING_DAYS, offset=1, audience=("lead",)),
    ladder.Step(number=4, basis=Basis.WORKING_DAYS, offset=3, audience=("manager",)),
)


@dataclass(frozen=True, kw_only=True)
class Findings:
    """A review as people write it."""

    title: str
    happened: str
    why: str = ""

    def cleaned(self) -> dict[str, str]:
        """Raises CommitmentError at the field that will not do."""
        return {
            "title": words.clean(self.title, what="The title", limit=150, field="title"),
            "happened": words.clean(
                self.happened, what="What happened", limit=4000, lines=True, field="happened"
            ),
            "why": words.clean(
                self.why, what="Why", limit=4000, lines=True, required=False, field="why"
            ),
        }


@transaction.atomic
def begin_review(
    team_id: int, findings: Findings, *, promises: Iterable[int] = (), by: User, now: datetime
) -> Review:
    """For a team that they lead or manage, about promises of that team."""
    team = Team.objects.get(pk=team_id)
    lifecycle.check_may_review(role_of(by, team))
    review = Review.objects.create(team=team, begun_by=by, begun_at=now, **findings.cleaned())
    _look_at(review, promises)
    return review


@transaction.atomic
def edit_review(review_id: int, findings: Findings, *, seen: int, by: User) -> Review:
    """`seen` is the version that was edited. Raises CommitmentError where it is not in force."""
    review = _held(review_id, by=by)
    if review.version != seen:
        raise CommitmentError(
            "Somebody else changed this review while you were at it. What you typed is still here"
            " and nothing of it is saved. Open the review beside this page, and bring yours into"
            " what is there now."
        )
    for name, value in findings.cleaned().items():
        setattr(review, name, value)
    review.version += 1
    review.save()
    return review


@transaction.atomic
def look_at(review_id: int, *, promises: Iterable[int], by: User) -> Review:
    """Take these promises in; those that are in it already stay."""
    review = _held(review_id, by=by)
    _look_at(review, promises)
    return review


@transaction.atomic
def leave_out(review_id: int, *, promise: int, by: User) -> Review:
    """Of a promise that was picked by mistake. It is not in it: nothing happens."""
    review = _held(review_id, by=by)
    ReviewedPromise.objects.filter(review=review, commitment=promise).delete()
    return review


@transaction.atomic
def decide(
    review_id: int, *, wording: str, owner_id: int, due_at: datetime, by: User, now: datetime
) -> Commitment:
    """What is to change, who sees to it, and by when: a promise to the team, on its own ladder."""
    review = _held(review_id, by=by)
    draft = Draft(
        customer_id=_as_customer(review.team).pk,
        team_id=review.team_id,
        kind_id=_kind(now).pk,
        wording=wording,
        due_at=due_at,
        owner_id=owner_id,
        summary=False,
        case=f"Review {review.pk}",
        channel="in_person",
        follows_id=review.promises.order_by("pk").values_list("pk", flat=True).first(),
    )
    made = make(draft, by=by, now=now)
    Decision.objects.create(review=review, commitment=made)
    return made


def _held(review_id: int, *, by: User) -> Review:
    review = Review.objects.select_for_update(of=("self",)).select_related("team").get(pk=review_id)
    lifecycle.check_may_review(role_of(by, review.team))
    return review


def _look_at(review: Review, promises: Iterable[int]) -> None:
    wanted = set(promises)
    theirs = Commitment.objects.filter(pk__in=wanted, team=review.team_id)
    found = sorted(theirs.values_list("pk", flat=True))
    if len(found) != len(wanted):
        raise CommitmentError(
            f"Only promises of {review.team} can be looked at here.", field="promises"
        )
    known = set(review.promises.values_list("pk", flat=True))
    if len(known | wanted) > MOST_PROMISES:
        raise CommitmentError(
            f"A review looks at {MOST_PROMISES} promises at most.", field="promises"
        )
    ReviewedPromise.objects.bulk_create(
        ReviewedPromise(review=review, commitment_id=pk) for pk in found if pk not in known
    )


def _as_customer(team: Team) -> Customer:
    """The team as somebody who is promised something; it has no address, so it is written to by
    nobody.
    """
    found, _ = Customer.objects.get_or_create(
        external_source=Customer.OUR_TEAM, external_id=str(team.pk), defaults={"name": team.name}
    )
    if found.name != team.name:
        found.name = team.name
        found.save(update_fields=["name"])
    return found


def _kind(now: datetime) -> Kind:
    """Made with the first decision; an administrator may give it another ladder."""
    known = Kind.objects.filter(code=DECISION).first()
    if known is not None:
        return known
    policy, is_new = Policy.objects.get_or_create(name=_POLICY)
    if is_new:
        PolicyVersion.objects.create(policy=policy, number=1, made_at=now).write(_LADDER)
    kind, _ = Kind.objects.get_or_create(
        code=DECISION,
        defaults={
            "name": "Decision of a review",
            "usual_wording": "Change what we decided",
            "usual_length": 10,
            "usual_basis": Kind.Basis.WORKING_DAYS,
            "policy": policy,
            "summary_on": False,
            "check_in_after": 0,
            "for_customers": False,
        },
    )
    return kind
