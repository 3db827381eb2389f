"""What was given for refunds, credits and the like: how far it lies apart, and why some differ."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator

from commitments.reports import values
from commitments.reports.scope import Scope
from commitments.web.doors import StaffRequest

from . import frame, said

_PAGE = 25


@frame.report("web:values", "values.html")
def show(request: StaffRequest, scope: Scope, *, now: datetime) -> dict[str, object]:
    """As many queries for many values as for one."""
    found = values.spread(scope)
    page = Paginator(values.outside(scope), _PAGE).get_page(request.GET.get("page"))
    return {
        "spread": found,
        "sentence": sentence(sum(each.count for each in found), page.paginator.count),
        "page": page,
        "asked": scope.query(),
    }


def sentence(count: int, differ: int) -> str:
    if not count:
        return "Nothing was given that has a value."
    given = said.count(count, "value was", "values were")
    if not differ:
        return f"{given} given, none of them unlike the others."
    unlike = "not usual, and has its reason" if differ == 1 else "not usual, each with its reason"
    return f"{given} given; {said.count(differ, 'was', 'were')} {unlike}."
