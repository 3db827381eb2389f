"""One review: what happened, why, the promises behind it, and how its decisions stand now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Commitment, Review, User
from commitments.rules import causes, saying
from commitments.web import doors, states
from commitments.web.doors import StaffRequest
from commitments.web.states import State

from . import access, references
from .access import reader, review_for
from .references import ReferencesForm


@reader
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """As many queries for many promises and decisions as for one."""
    review, now = review_for(request.user, pk), timezone.now()
    return page(request, review, references.empty(), now=now)


def page(
    request: StaffRequest,
    review: Review,
    form: ReferencesForm,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    looked_at = review.promises.select_related("customer", "owner").order_by("due_at", "pk")
    decided = Commitment.objects.filter(decision__review=review).select_related("owner")
    seen = _seen_by(request.user, review)
    promises = [each for each in looked_at if each.pk in seen]
    context = {
        "review": review,
        "promises": [(each, *_stands(each, now=now)) for each in promises],
        "count": saying.sentence_case(saying.say_count(len(promises), "promise")),
        "elsewhere": len(looked_at) - len(promises),
        "causes": causes_of(promises),
        "decisions": [
            (each, _stands(each, now=now)[0], each.pk in seen)
            for each in decided.order_by("due_at", "pk")
        ],
        "holds": access.holds(request.user, review),
        "form": form,
    }
    return doors.page(request, "reviews/one.html", context, now=now, status=status)


def _seen_by(user: User, review: Review) -> frozenset[int]:
    """Of its promises and decisions those that this person may see: some are another team's now."""
    its = Q(reviews=review) | Q(decision__review=review)
    return frozenset(Commitment.objects.visible_to(user).filter(its).values_list("pk", flat=True))


def causes_of(promises: Sequence[Commitment]) -> list[tuple[str, int]]:
    """Why they were not in time, and of how many that was said; the most frequent on top."""
    counted = Counter(each.cause for each in promises if each.cause)
    known = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [(causes.said(cause), number) for cause, number in known]


def _stands(promise: Commitment, *, now: datetime) -> tuple[State, str]:
    state = states.of(promise, now=now, soon=states.is_soon(promise, now=now))
    return state, causes.said(promise.cause)
