"""What all reports share: who may look, the choices in their address, the ways between them.

A report is a function from a scope to what its template shows. Whom somebody may not see does not
exist for them (404); dates that make no period are answered by the form, with a sentence (422).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial, wraps
from typing import Final, Protocol
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.mailings import REPORTS
from commitments.reports.fresh import fresh_as_of
from commitments.reports.scope import NotFound, ReportError, Scope
from commitments.web import doors
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.filters import Filters
from commitments.web.reviews import access

from .parts import worked_out

TABS: Final = {
    "web:overdue": "Overdue",
    "web:kept": "Kept",
    "web:ratings": "Ratings",
    "web:workload": "Workload",
    "web:causes": "Causes",
    "web:values": "Values",
    "web:reviews": "Reviews",
}
_SAY_HOW_FRESH: Final = frozenset({"web:overdue", "web:workload"})  # themselves: they read it live
_SPANS = {"30 days": 29, "90 days": 89, "12 months": 364}
_LONGEST = 40  # of a choice in the address: a number or a day


class Find(Protocol):
    """What a report shows of a scope, by the names of its template."""

    def __call__(
        self, request: StaffRequest, scope: Scope, *, now: datetime
    ) -> Mapping[str, object]: ...


class Answer(Protocol):
    """What a guarded view answers."""

    def __call__(self, request: StaffRequest, scope: Scope, *, now: datetime) -> HttpResponse: ...


@dataclass(frozen=True, kw_only=True)
class Way:
    """To another report, or to another period of this one."""

    label: str
    url: str
    is_here: bool = False


class ReportFilters(Filters):
    """Whose promises, and of which days: both of them included."""

    since = forms.CharField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.CharField(label="Until", required=False, widget=forms.DateInput({"type": "date"}))


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Around a report; `query` is what was chosen, as it stands in the address."""

    name: str
    query: str
    filters: ReportFilters
    today: date
    is_own: bool  # of the reader alone
    reads_reviews: bool
    by_mail_url: str  # where it is asked for by mail; "" for what is not sent

    @property
    def url(self) -> str:
        return reverse(self.name)

    @property
    def csv_url(self) -> str:
        """Its figures as a file, for the same choices."""
        url = reverse(f"{self.name}_csv")
        return f"{url}?{self.query}" if self.query else url

    @property
    def tabs(self) -> list[Way]:
        query = f"?{self.query}" if self.query else ""
        return [
            Way(label=label, url=f"{reverse(name)}{query}", is_here=name == self.name)
            for name, label in TABS.items()
            if name != "web:reviews" or self.reads_reviews
        ]

    @property
    def spans(self) -> list[Way]:
        """Periods that end today."""
        chosen = QueryDict(self.query, mutable=True)
        chosen["until"] = self.today.isoformat()
        found = []
        for label, days in _SPANS.items():
            chosen["since"] = (self.today - timedelta(days=days)).isoformat()
            found.append(Way(label=label, url=f"{self.url}?{chosen.urlencode()}"))
        return found


def report(name: str, template: str) -> Callable[[Find], Callable[..., HttpResponse]]:
    """The view of a report: its address by name, its template, and what it finds for a scope."""

    def view_of(find: Find) -> Callable[..., HttpResponse]:
        def show(request: StaffRequest, scope: Scope, *, now: datetime) -> HttpResponse:
            context: dict[str, object] = {
                "report": _frame(request, name, scope, now=now),
                "scope": scope,
            }
            if name not in _SAY_HOW_FRESH:  # asked before the figures are: never fresher than they
                context["fresh"] = worked_out(partial(fresh_as_of, scope, now), called="fresh")
            context |= find(request, scope, now=now)
            return doors.page(request, f"reports/{template}", context, now=now)

        return guarded(name)(show)

    return view_of


def guarded(name: str) -> Callable[[Answer], Callable[..., HttpResponse]]:
    """A view that is handed a scope; the report of this name answers what cannot be asked."""

    def view_of(answer: Answer) -> Callable[..., HttpResponse]:
        @require_safe
        @signed_in
        @wraps(answer)
        def show(request: StaffRequest) -> HttpResponse:
            now = timezone.now()
            try:
                scope = scope_of(request, now=now)
            except ReportError as no:
                return _refused(request, name, no, now=now)
            return answer(request, scope, now=now)

        return show

    return view_of


def scope_of(request: StaffRequest, *, now: datetime) -> Scope:
    """What was asked for, as far as it is this person's to see.

    Raises Http404 for whom they may not see or nobody knows, ReportError for dates.
    """
    doors.roles_of(request.user)  # reads the memberships, once for all
    try:
        return Scope.of(request.user, _asked(request), now)
    except NotFound as no:
        raise Http404("There is no such team, colleague or kind here.") from no


def query_of(request: StaffRequest) -> str:
    """The choices as they stand in the address, without what is empty."""
    return urlencode(_asked(request), errors="replace")


def _asked(request: StaffRequest) -> dict[str, str]:
    return {
        name: value
        for name in ("team", "owner", "agent", "kind", "since", "until")
        if (value := request.GET.get(name, "").strip()[:_LONGEST])
    }


def _frame(request: StaffRequest, name: str, scope: Scope | None, *, now: datetime) -> Frame:
    asked = _asked(request)
    days = {}
    if scope is not None:
        period = scope.period
        days = {"since": period.since.isoformat(), "until": period.until.isoformat()}
    filters = ReportFilters({**asked, **days}, user=request.user)
    is_own = scope is not None and scope.is_own
    filters.fields["owner"].label = "Agent"
    if is_own:
        del filters.fields["owner"]
    today = now.astimezone(ZoneInfo(request.user.zone)).date()
    return Frame(
        name=name,
        query=query_of(request),
        filters=filters,
        today=today,
        is_own=is_own,
        reads_reviews=access.reads_some(request.user),
        by_mail_url=_by_mail_url(name, scope) if scope is not None else "",
    )


def _by_mail_url(name: str, scope: Scope) -> str:
    """With the same choices, but for the days."""
    report = name.partition(":")[2]
    if report not in REPORTS:
        return ""
    chosen = {"team": scope.team, "owner": None if scope.is_own else scope.owner}
    named = {what: pk for what, pk in (chosen | {"kind": scope.kind}).items() if pk is not None}
    return f"{reverse('web:mail_report')}?{urlencode({'report': report} | named)}"


def failed(request: StaffRequest, name: str, scope: Scope, *, now: datetime) -> HttpResponse:
    """Half of the figures would pass for all of them."""
    frame = _frame(request, name, scope, now=now)
    frame.filters.add_error(None, "These figures could not be worked out. Try again in a minute.")
    context = {"report": frame, "form": frame.filters}
    return doors.page(request, "reports/refused.html", context, now=now, status=503)


def _refused(
    request: StaffRequest, name: str, problem: ReportError, *, now: datetime
) -> HttpResponse:
    """The choices as they were made, with what is wrong about them, and no figures."""
    frame = _frame(request, name, None, now=now)
    field = problem.field if problem.field in frame.filters.fields else None
    frame.filters.add_error(field, str(problem))
    context = {"report": frame, "form": frame.filters}
    return doors.page(request, "reports/refused.html", context, now=now, status=422)
