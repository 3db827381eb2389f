"""What a lead or a manager needs first each morning: who is waiting, and who has not been told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.http import HttpResponse
from django.urls import reverse

from commitments.models.commitment import CommitmentQuerySet
from commitments.models.people import LEADING
from commitments.reports import kept, opening, ratings
from commitments.reports.live import Look
from commitments.reports.scope import Scope
from commitments.web import backs, doors
from commitments.web.doors import StaffRequest
from commitments.web.lists import export

from . import frame, happened, leads, live_charts, table, tiles, trend
from .parts import worked_out


@frame.report("web:overdue", "overdue.html")
def show(request: StaffRequest, scope: Scope, *, now: datetime) -> Mapping[str, object]:
    """Everything that is overdue now, and beside it how the days of the period went."""
    look = _look(scope, now=now)
    weeks = worked_out(partial(kept.kept, scope, by="week"), called="kept")
    rated = worked_out(partial(ratings.ratings, scope, by="happened"), called="ratings")
    figures = look.overdue() if look else None
    count = figures.overdue if figures else None
    query = frame.query_of(request)
    found = table.of(scope, count=count, asked=request.GET, query=query, now=now)
    return {
        "figures": figures,
        "fresh": look.fresh if look else None,
        "opening": opening.of_overdue(figures) if figures else "",
        "tiles": tiles.of(scope, figures=figures, weeks=weeks, rated=rated, now=now),
        "waits": live_charts.waits(look, scope) if look else None,
        "trend": None if weeks is None else trend.chart(weeks, scope, now=now),
        "rated": None if rated is None else happened.chart(rated, scope),
        "loads": live_charts.loads(look, scope) if look else None,
        "names": {
            "waits": live_charts.WAITED,
            "trend": "Kept on time, by week",
            "rated": happened.TITLE,
            "loads": live_charts.LOADS,
        },
        "unanswered": table.unanswered(scope),
        "unanswered_url": leads.listed(scope, state="unanswered"),
        "table": found,
        "page": found.page,
        "asked": found.asked,
        "acts": bool(doors.teams_of(request.user, acting=True)),
        "asks": bool(doors.roles_of(request.user).intersection(LEADING)),
        "back": backs.overdue({"team": scope.team, "owner": scope.owner, "kind": scope.kind}),
        "colleagues": _colleagues(look) if look else [],
        "soon_url": leads.listed(scope, state="soon"),
        "csv_url": _with(reverse("web:overdue_csv"), query),
        "xlsx_url": _with(reverse("web:overdue_xlsx"), query),
    }


def _look(scope: Scope, *, now: datetime) -> Look | None:
    """With how fresh history is, else without: one figure must not take all others with it."""
    with_it, alone = (partial(look, scope, now=now) for look in (Look.beside_history, Look.at))
    return worked_out(with_it, called="freshness") or worked_out(alone, called="overdue")


@frame.guarded("web:overdue")
def csv(request: StaffRequest, scope: Scope, *, now: datetime) -> HttpResponse:
    """What the report lists, all of it, a promise in a row."""
    return export.as_csv(request, _late(scope), called="overdue", back=_here(request), now=now)


@frame.guarded("web:overdue")
def xlsx(request: StaffRequest, scope: Scope, *, now: datetime) -> HttpResponse:
    """The same as a workbook."""
    return export.as_workbook(request, _late(scope), called="overdue", back=_here(request), now=now)


def _late(scope: Scope) -> CommitmentQuerySet:
    return scope.whenever().overdue(scope.at)


def _here(request: StaffRequest) -> str:
    return _with(reverse("web:overdue"), frame.query_of(request))


def _colleagues(look: Look) -> list[tuple[int, str]]:
    """Who may be handed something, each once, by name."""
    people = {member.user_id: str(member.user) for member in look.duty.members}
    return sorted(people.items(), key=lambda one: one[1].casefold())


def _with(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url
