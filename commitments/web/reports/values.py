"""What was given for refunds, credits and the like: how far it lies apart, and why some differ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.paginator import Paginator

from commitments.models import ValueReason
from commitments.reports import opening, values
from commitments.reports.scope import Scope
from commitments.reports.values import Spread
from commitments.web.doors import StaffRequest

from . import figures, frame
from .bars import Cell
from .tables import Row, Table

_PAGE = 25
_SPREAD = (
    *("Kind and cause", "Currency", "Promises", "Middle"),
    *("Usual from", "Usual to", "Least", "Most"),
)
_UNUSUAL = ("Promise", "Value", "Currency", "Usual from", "Usual to", "Reason", "Given by")


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


def tables(request: StaffRequest, scope: Scope, *, now: datetime) -> dict[str, object]:
    """The same to be copied: all that was unusual, not only a page of it."""
    return {
        "spread": Table(
            caption="What is usually given",
            head=_SPREAD,
            rows=[_spread(each) for each in values.spread(scope)],
        ),
        "unusual": Table(
            caption="Outside the usual",
            head=_UNUSUAL,
            rows=[_unusual(each) for each in values.outside(scope)],
        ),
    }


csv = figures.csv("web:values", tables, spread="Usually given", unusual="Outside the usual")


def _spread(each: Spread) -> Row:
    usual = ("", "") if each.is_too_few else (each.low, each.high)
    found = (each.currency, each.count, each.median, *usual, each.least, each.most)
    label = f"{each.label}, {each.cause_said}" if each.cause else each.label
    return Row(label=label, cells=_cells(found))


def _unusual(each: ValueReason) -> Row:
    promise = each.commitment
    found = (promise.value, promise.currency, each.low, each.high, each.words, each.by)
    return Row(label=promise.reference, cells=_cells(found))


def _cells(found: Iterable[object]) -> list[Cell]:
    return [Cell(words=str(each)) for each in found]
