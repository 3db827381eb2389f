"""The promises behind a cause of the report “Why promises break”, to be looked at in a review."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404

from commitments.reports import breaks
from commitments.reports.scope import NotFound, ReportError, Scope
from commitments.rules import causes
from commitments.services.reviewing import MOST_PROMISES
from commitments.web import doors
from commitments.web.doors import StaffRequest
from commitments.web.lists.picking import Picked

_LONGEST = 40


def cause(request: StaffRequest, *, now: datetime) -> Picked:
    """The newest of them, as many as a review holds; by the choices of the report's address."""
    asked = {name: str(value).strip()[:_LONGEST] for name, value in request.GET.items()}
    doors.roles_of(request.user)  # reads the memberships, once for all
    try:
        scope = Scope.of(request.user, asked, now)
    except NotFound as no:
        raise Http404("There is no such team, colleague or kind here.") from no
    except ReportError as no:
        return Picked(problem=str(no))
    if asked["cause"] not in ("", *causes.SAID):
        return Picked(problem="There is no such cause, so nothing is picked.")
    found = breaks.broken(scope, cause=asked["cause"]).with_everything()
    return Picked(promises=list(found.order_by("-first_due_at", "-pk")[:MOST_PROMISES]))
