"""Every review of one's teams, the newest on top, with how its decisions stand."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Commitment, Decision, Review, ReviewedPromise
from commitments.rules import saying
from commitments.web import doors
from commitments.web.doors import StaffRequest

from .access import reader

_PAGE = 25


@reader
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """As many queries for a page of reviews as for one."""
    now = timezone.now()
    found = _with_counts(Review.objects.visible_to(request.user), now=now)
    newest = found.select_related("team", "begun_by").order_by("-begun_at", "-pk")
    page = Paginator(newest, _PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [(review, decisions_said(review)) for review in page],
        "page": page,
        "begins": bool(doors.led_by(request.user)),
    }
    return doors.page(request, "reviews/list.html", context, now=now)


def _with_counts(reviews: QuerySet[Review], *, now: datetime) -> QuerySet[Review]:
    decided = Decision.objects.filter(review=OuterRef("pk"))
    live = decided.filter(commitment__in=Commitment.objects.live())
    late = decided.filter(commitment__in=Commitment.objects.overdue(now))
    return reviews.annotate(
        looked_at_count=_number(ReviewedPromise.objects.filter(review=OuterRef("pk"))),
        decided=_number(decided),
        live=_number(live),
        late=_number(late),
    )


def _number(rows: QuerySet[Decision] | QuerySet[ReviewedPromise]) -> Coalesce:
    counted = rows.order_by().values("review").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def decisions_said(review: Review) -> str:
    """`3 decisions: 1 overdue, 1 open`, from the numbers that were read along."""
    decided, live, late = (getattr(review, name) for name in ("decided", "live", "late"))
    if not decided:
        return "Nothing decided yet"
    count = saying.sentence_case(saying.say_count(decided, "decision"))
    parts = [f"{late} overdue"] if late else []
    parts += [f"{live - late} open"] if live > late else []
    return f"{count}: {', '.join(parts)}" if parts else f"{count}, seen to"
