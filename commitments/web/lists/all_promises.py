"""Everything this person may see: searched, filtered, sorted, and chosen for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from commitments import lengths
from commitments.models import Commitment, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import saying
from commitments.web import doors, states
from commitments.web.doors import StaffRequest, signed_in

from . import sorting
from .filters import ListFilters

PAGE = 50
_HEADERS = {
    "promise": "Promise",
    "kind": "Kind and team",
    "owner": "Owner",
    "due": "Due",
    "state": "State",
}
_SHOWN = (
    *("wording", "urgent", "due_at", "status", "outcome", "closed_at", "told_at", "attempted_at"),
    *("disputed_at", "customer_asked_at", "climbed", "next_action", "next_action_at"),
    *("customer__name", "owner__name", "owner__email"),
    *("team__name", "kind__name", "kind__for_customers", "conversation__outside_reference"),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    promise: Commitment
    state: states.State
    not_told: bool
    told: bool


@dataclass(frozen=True, kw_only=True)
class Header:
    """The head of a column; without an address it cannot be sorted by now."""

    label: str
    name: str
    asked: str = ""
    sorted: str = ""  # "ascending", "descending", or not at all


@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """The whole page, or for htmx what the filters choose."""
    now = timezone.now()
    filters = ListFilters(request.GET, user=request.user)
    chosen = chosen_by(filters, user=request.user, hasty=True, now=now)
    count, current, pks = _listed(chosen, filters, page=request.GET.get("page"))
    asked = asked_of(request.GET)
    context = {
        "filters": filters,
        "page": current,
        "count": say_many(count),
        "is_more": count > sorting.most(),
        "most": sorting.most(),
        "searched": lengths.current().searched_at_most if filters.is_cut else 0,
        "rows": _rows(pks, now=now),
        "headers": _headers(request.GET, filters, may_sort=count <= sorting.most()),
        "asked": asked,
        "is_narrowed": bool(asked),
        "acts": request.user.is_superuser or bool(doors.teams_of(request.user, acting=True)),
        "begins_reviews": bool(doors.led_by(request.user)),
        "views": request.user.saved_views.all(),
    }
    if request.htmx and not request.htmx.history_restore_request:
        frame = {"now": now, "zone": request.user.zone, **context}
        answer = render(request, "commitments/web/lists/found.html", frame)
    else:
        answer = doors.page(request, "lists/all_promises.html", context, now=now)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def chosen_by(
    filters: ListFilters, *, user: User, hasty: bool = False, now: datetime
) -> CommitmentQuerySet:
    """What the filters choose of what this person may see: list, export and many at once agree,
    as far as a list, which is `hasty`, has looked.
    """
    seen = doors.visible_to(user, only=filters.cleaned_data.get("team"))
    return filters.choose(seen, hasty=hasty, now=now)


def asked_of(data: QueryDict) -> str:
    """The filters as they stand in an address, without what is empty and without the page."""
    return urlencode(
        [
            (name, value)
            for name, values in data.lists()
            for value in values
            if name in ListFilters.base_fields and value.strip()
        ],
        errors="replace",
    )


def say_many(count: int) -> str:
    """`14 promises`, `More than 2,000 promises`."""
    if count > sorting.most():
        return f"More than {sorting.most():,} promises"
    return saying.sentence_case(saying.say_count(count, "promise"))


def _listed(
    chosen: CommitmentQuerySet, filters: ListFilters, *, page: str | None
) -> tuple[int, Page[int], list[int]]:
    """How many there are, the page that was asked for or the nearest there is, and its promises."""
    sort = filters.cleaned_data.get("sort", "")
    listed = sorting.Listed(chosen, live=filters.shows_live(), closed=filters.shows_closed())
    if filters.has_words():
        pks = sorting.whole(chosen, sort)
        count, current = len(pks), _page(page, len(pks))
        return count, current, pks[max(0, current.start_index() - 1) : current.end_index()]
    count = sorting.count_by_halves(listed) if filters.has_owner() else sorting.count(chosen)
    current = _page(page, count)
    if not count:
        return count, current, []
    start, end = current.start_index() - 1, current.end_index()
    return count, current, sorting.page(listed, sort, start=start, end=end)


def _page(asked: str | None, count: int) -> Page[int]:
    return Paginator(range(min(count, sorting.most())), PAGE).get_page(asked)


def _rows(pks: Sequence[int], *, now: datetime) -> list[Row]:
    found = as_rows(Commitment.objects.all()).in_bulk(pks)
    return list(rows_of((found[pk] for pk in pks if pk in found), now=now))


def as_rows(promises: CommitmentQuerySet) -> CommitmentQuerySet:
    """With what a row shows of a promise, and no more: fifty in full take twice as long."""
    related = ("customer", "owner", "team", "kind", "conversation")
    return promises.select_related(*related).only(*_SHOWN)


def rows_of(promises: Iterable[Commitment], *, now: datetime) -> Iterable[Row]:
    for each in promises:
        not_told = each.is_not_told(now)
        yield Row(
            promise=each,
            state=states.of(each, now=now, soon=states.is_soon(each, now=now)),
            not_told=not_told,
            told=each.is_overdue(now) and not not_told and each.kind.for_customers,
        )


def _headers(data: QueryDict, filters: ListFilters, *, may_sort: bool) -> list[Header]:
    """Sorted the other way round where it is sorted by this column already."""
    sort = "" if filters.errors else filters.cleaned_data["sort"]
    found = []
    for name, label in _HEADERS.items():
        is_here, descending = sort.lstrip("-") == name, sort.startswith("-")
        asked = data.copy()
        asked["sort"] = name if not is_here or descending else f"-{name}"
        found.append(
            Header(
                label=label,
                name=name,
                asked=asked_of(asked) if may_sort or name == "due" else "",
                sorted=("descending" if descending else "ascending") if is_here else "",
            )
        )
    return found


def address(asked: str) -> str:
    """All promises, narrowed like this."""
    return f"{reverse('web:promises')}?{asked}" if asked else reverse("web:promises")
