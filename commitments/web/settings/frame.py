"""What every page of the settings does first and last: administrators only, and what was saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from commitments.errors import CommitmentError
from commitments.models import Commitment
from commitments.web import doors, once
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.once import Answer

from .parts import PartsForm

P = ParamSpec("P")


def administrator(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Everybody else may never open these addresses, and is told so."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @signed_in
    @wraps(view)
    def guarded(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def page(
    request: StaffRequest,
    template: str,
    context: Mapping[str, object],
    *,
    section: str,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    """A whole page with the sections at its side."""
    frame = {"section": section, **context}
    return doors.page(request, f"settings/{template}", frame, now=now, status=status)


def saved(
    request: StaffRequest,
    form: PartsForm,
    act: Callable[[], Answer],
    *,
    now: datetime,
    beside: str = "",
) -> HttpResponse | None:
    """Do it once and go on; None where the form says why it was not done."""
    if not form.is_valid():
        return None
    try:
        answer = once.only_once(form, user=request.user, now=now, act=act, beside=beside)
    except CommitmentError as no:
        form.refuse(no)
        return None
    messages.success(request, answer.said)
    return redirect(answer.location)


def open_promises(by: str) -> dict[int, int]:
    """How many open promises each of these has, by its id: of a column such as "kind"."""
    rows = Commitment.objects.live().order_by().values(by).annotate(count=Count("pk"))
    return dict(rows.values_list(by, "count"))
