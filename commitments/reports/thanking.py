"""Whom to thank: what went well in spite of everything, or made its customer happy.

Promises, never people counted: each colleague is named once, with what was last, and by name, so
that nobody stands above anybody. What its reader has thanked for is not said again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Subquery

from commitments.models import CheckInAnswer, CheckInItem, Commitment, Thanks
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules.lifecycle import Outcome, Status

from .scope import Scope

_HAPPY: Final = 4  # of 5, and above
_LOOKED_THROUGH: Final = 200  # of the newest
_LATELY: Final = timedelta(days=28)  # due no longer ago, so that an index finds them
_KEPT: Final = (Outcome.ON_TIME.value, Outcome.MOVED.value)


@dataclass(frozen=True, kw_only=True)
class Worth:
    """A promise worth a word; `rating` and `words` are its customer's, None and "" without."""

    commitment: Commitment
    rating: int | None
    words: str


def worth_thanks(scope: Scope, *, since: datetime, limit: int) -> tuple[Worth, ...]:
    """Kept ones whose customer has said since then that they are happy, and those of a difficult
    conversation that have been kept in time since then. Two queries.
    """
    newest: dict[int, Worth] = {}
    for worth in [*_made_happy(scope, since=since), *_difficult(scope, since=since)]:
        owner = worth.commitment.owner_id
        if owner is not None:
            newest.setdefault(owner, worth)
    by_name = sorted(newest.values(), key=lambda each: str(each.commitment.owner).casefold())
    return tuple(by_name[:limit])


def _made_happy(scope: Scope, *, since: datetime) -> Iterator[Worth]:
    """By the answer that counts: the latest, and of a check-in's promises the one it counts for."""
    items = CheckInItem.objects.filter(
        counts_as__gt="", check_in__answers__confirmed=True, check_in__answers__at__gte=since
    )
    last = CheckInAnswer.objects.filter(
        confirmed=True, check_in__items__commitment=OuterRef("pk"),
        check_in__items__counts_as__gt="",
    ).order_by("-pk")  # fmt: skip
    happy = (
        _thankable(scope)
        .filter(pk__in=items.values("commitment"))
        .alias(latest=Subquery(last.values("rating")[:1]))
        .filter(latest__gte=_HAPPY)
    )
    found = happy.annotate(
        rating=Subquery(last.values("rating")[:1]), said=Subquery(last.values("words")[:1])
    )
    for promise in found[:_LOOKED_THROUGH]:
        rating: int = promise.rating  # type: ignore[attr-defined]  # annotated
        words: str = promise.said  # type: ignore[attr-defined]  # likewise
        yield Worth(commitment=promise, rating=rating, words=words)


def _difficult(scope: Scope, *, since: datetime) -> Iterator[Worth]:
    kept = _thankable(scope).filter(
        conversation__difficult=True, outcome__in=_KEPT, closed_at__gte=since,
        first_due_at__gte=since - _LATELY,
    )  # fmt: skip
    for promise in kept[:_LOOKED_THROUGH]:
        yield Worth(commitment=promise, rating=None, words="")


def _thankable(scope: Scope) -> CommitmentQuerySet:
    """Kept by somebody else who is still here, and not thanked for by whoever reads this."""
    given = Thanks.objects.filter(commitment=OuterRef("pk"), giver=scope.viewer)
    kept = scope.whenever().filter(status=Status.FULFILLED, kind__for_customers=True)
    theirs = kept.filter(owner__is_active=True).exclude(owner=scope.viewer).filter(~Exists(given))
    return theirs.select_related("owner", "customer", "conversation").order_by("-closed_at", "-pk")
