"""What a lead or a manager needs first each morning: who is waiting, and who has not been told."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from commitments import reports
from commitments.models import Commitment
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import saying

from . import doors
from .doors import StaffRequest, signed_in
from .filters import Filters

_PAGE = 50
_LISTS = {
    "not_told": {"state": "overdue", "told": "no"},
    "told": {"state": "overdue", "told": "yes"},
    "soon": {"state": "soon"},
    "unanswered": {"state": "unanswered"},
}


@signed_in
def show(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    filters = Filters(request.GET, user=request.user)
    among = filters.narrow(Commitment.objects.visible_to(request.user))
    figures = reports.overdue(among, now=now)
    late = among.overdue(now).with_everything().order_by("due_at", "pk")
    current = Paginator(late, _PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "figures": figures,
        "sentence": sentence(figures),
        "title": saying.sentence_case(saying.say_count(figures.overdue, "overdue promise")),
        "page": current,
        "rows": [(each, late_by(each, now=now), each.is_not_told(now)) for each in current],
        "unanswered": _unanswered(among),
        "lists": {
            name: f"{reverse('web:promises')}?{_asked(filters, **asked)}"
            for name, asked in _LISTS.items()
        },
        "asked": _asked(filters),
    }
    return doors.page(request, "overdue.html", context, now=now)


def sentence(figures: reports.Overdue) -> str:
    """One honest sentence: where to start."""
    if not figures.overdue:
        coming = saying.say_count(figures.due_soon, "promise is", "promises are")
        return f"Nothing is overdue. {saying.sentence_case(coming)} due in the next 4 hours."
    if not figures.not_told:
        return "Everybody who is waiting has been told."
    waiting = saying.say_count(figures.customers_not_told, "customer is", "customers are")
    return f"{saying.sentence_case(waiting)} waiting without word. Start there."


def late_by(commitment: Commitment, *, now: datetime) -> str:
    return saying.say_gap(now - commitment.due_at)


def _unanswered(
    among: CommitmentQuerySet,
) -> list[tuple[Commitment, datetime | None, bool]]:
    """Customers who say that something is not right, and then those who asked: longest wait first.

    Since when each waits, and whether that is a dispute. One query; the rest is behind the link.
    """
    found = among.unanswered().with_everything()
    disputes_first = found.order_by(
        F("disputed_at").asc(nulls_last=True), "customer_asked_at", "pk"
    )
    return [
        (each, each.disputed_at or each.customer_asked_at, each.disputed_at is not None)
        for each in disputes_first[:_PAGE]
    ]


def _asked(filters: Filters, **more: str) -> str:
    """The same choices as an address of the list."""
    chosen = {
        name: choice.pk
        for name in ("team", "owner", "kind")
        if (choice := filters.cleaned_data.get(name))
    }
    return urlencode({**more, **chosen})
