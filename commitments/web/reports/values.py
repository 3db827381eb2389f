"""What was given for refunds, credits and the like: how far it lies apart, and why some differ."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator

from commitments.reports import opening, values
from commitments.reports.scope import Scope
from commitments.web.doors import StaffRequest

from . import frame

_PAGE = 25


@frame.report("web:values", "values.html")
def show(request: StaffRequest, scope: Scope, *, now: datetime) -> dict[str, object]:
    """As many queries for many values as for one."""
    found = values.spread(scope)
    page = Paginator(values.outside(scope), _PAGE).get_page(request.GET.get("page"))
    return {
        "spread": found,
        "sentence": opening.of_values(
            sum(each.count for each in found), differ=page.paginator.count
        ),
        "page": page,
        "asked": scope.query(),
    }
