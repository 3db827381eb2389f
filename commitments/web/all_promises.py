"""Everything this person may see, with search and filters."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone

from commitments.models import Commitment
from commitments.rules import saying

from . import doors, states
from .doors import StaffRequest, signed_in
from .filters import ListFilters

_PAGE = 50


@signed_in
def show(request: StaffRequest) -> HttpResponse:
    """Newest due time first for what is closed, soonest first for what is not."""
    now = timezone.now()
    filters = ListFilters(request.GET, user=request.user)
    seen = Commitment.objects.visible_to(request.user)
    chosen = filters.choose(seen, now=now)
    order = "-due_at" if filters.cleaned_data.get("state") in ("", "closed") else "due_at"
    found = Paginator(chosen.with_everything().order_by(order, "pk"), _PAGE)
    current = found.get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": current,
        "count": saying.sentence_case(saying.say_count(found.count, "promise")),
        "rows": [(each, states.of(each, now=now)) for each in current],
        "asked": _asked(request),
    }
    return doors.page(request, "all_promises.html", context, now=now)


def _asked(request: StaffRequest) -> str:
    """The filters as they stand in the address, without the page."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
