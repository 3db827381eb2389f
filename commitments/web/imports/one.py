"""One file on its way in: what its columns mean, what was found, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, cast

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments import imports, lengths
from commitments.errors import CommitmentError
from commitments.models import Import, ImportRemark
from commitments.web import doors
from commitments.web.doors import StaffRequest, signed_in

from . import said
from .forms import ReadForm, as_kept

_SHOWN: Final = 10
State = Import.State
What = ImportRemark.What


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One's own. A press does one thing, and leads back here."""
    now = timezone.now()
    held = _one(request, pk)
    if request.method != "POST":
        is_changed = "columns" in request.GET and held.state == State.JUDGED
        if held.state in (State.TAKEN, State.REFUSED) or is_changed:
            return _reading(request, held, now=now)
        return _standing(request, held, now=now)
    press = _PRESSES.get(request.POST.get("press", ""))
    if press is None:
        raise Http404("No such button.")
    try:
        return press(request, held, now)
    except imports.NotNow as no:
        messages.warning(request, str(no))
        return redirect("web:import", pk=held.pk)


@signed_in
@require_safe
def left_out(request: StaffRequest, pk: int) -> HttpResponse:
    """The rows that were left out, with the reasons: the columns as they were, and two more."""
    held = _one(request, pk)
    try:
        imports.table_of(held)
    except CommitmentError as no:
        raise Http404(str(no)) from no
    answer = StreamingHttpResponse(
        imports.result_lines(held), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="left-out-{held.at:%Y-%m-%d}.csv"'
    answer["Cache-Control"] = "no-store"
    return cast("HttpResponse", answer)  # a view may answer in pieces, too


def _one(request: StaffRequest, pk: int) -> Import:
    mine = Import.objects.visible_to(request.user).select_related("team__calendar")
    return get_object_or_404(mine, pk=pk)


def _look(request: StaffRequest, held: Import, now: datetime) -> HttpResponse:
    """With another sheet, or with what stands in other columns; nothing is kept yet."""
    return _reading(request, held, now=now, data=request.POST)


def _check(request: StaffRequest, held: Import, now: datetime) -> HttpResponse:
    try:
        table = imports.table_of(held, sheet=request.POST.get("sheet"))
    except imports.WrongFile:
        return _reading(request, held, now=now)
    if table.sheet != request.POST.get("shown", table.sheet):  # nobody has seen its columns yet
        return _look(request, held, now)
    form = ReadForm(request.POST, table=table, asked=as_kept(held))
    if form.is_valid():
        try:
            imports.check(held.pk, form.asked(), by=request.user, now=now)
        except imports.WrongFile as no:
            form.add_error(None, str(no))
        else:
            return _gone_on_with(held, now=now)
    return _form_page(request, held, form, now=now, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _begin(request: StaffRequest, held: Import, now: datetime) -> HttpResponse:
    imports.begin(held.pk, by=request.user, now=now)
    return _gone_on_with(held, now=now)


def _stop(request: StaffRequest, held: Import, now: datetime) -> HttpResponse:
    imports.stop(held.pk, by=request.user)
    messages.success(request, "Stopped. What was brought in stays.")
    return redirect("web:import", pk=held.pk)


def _forget(request: StaffRequest, held: Import, now: datetime) -> HttpResponse:
    imports.forget(held.pk, by=request.user)
    messages.success(request, f"{held.name} is removed. Promises made of it stay.")
    return redirect("web:imports")


_PRESSES: Final[Mapping[str, Callable[[StaffRequest, Import, datetime], HttpResponse]]] = {
    "look": _look,
    "check": _check,
    "begin": _begin,
    "stop": _stop,
    "forget": _forget,
}


def _gone_on_with(held: Import, *, now: datetime) -> HttpResponse:
    """A small file is done before its page is back; the rest of a large one is worked on later."""
    imports.go_on(held.pk, now=now, within=lengths.current().import_in_passing)
    return redirect("web:import", pk=held.pk)


def _reading(
    request: StaffRequest,
    held: Import,
    *,
    now: datetime,
    data: Mapping[str, Any] | None = None,  # Any: as Django declares it
) -> HttpResponse:
    """What its columns mean. Another sheet has other columns: those are guessed anew."""
    try:
        table = imports.table_of(held, sheet=data.get("sheet") if data else None)
    except imports.WrongFile as no:
        context = {"held": held, "why_not": held.says or str(no), "title": held.name}
        return doors.page(request, "imports/gone.html", context, now=now)
    is_another = table.sheet != (data or {}).get("shown", held.sheet)
    asked = imports.guessed(table) if is_another else as_kept(held)
    form = ReadForm(None if is_another else data, table=table, asked=asked)
    return _form_page(request, held, form, now=now)


def _form_page(
    request: StaffRequest,
    held: Import,
    form: ReadForm,
    *,
    now: datetime,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {"held": held, "form": form, "table": form.table, "zone_of": held.team.calendar.zone}
    return doors.page(request, "imports/read.html", context, now=now, status=status)


def _standing(request: StaffRequest, held: Import, *, now: datetime) -> HttpResponse:
    words, share = said.progress(held)
    context = {
        "held": held,
        "tiles": said.tiles(held),
        "progress": words,
        "share": share,
        "usual": said.usual(held),
        "left_out": _first(held, What.BAD),
        "guessed": _first(held, What.GUESSED),
        "repeated": _first(held, What.REPEATED),
        "shown": _SHOWN,
        "url": reverse("web:import", args=[held.pk]),
    }
    name = "imports/work.html" if held.is_at_work else "imports/result.html"
    return doors.page(request, name, context, now=now)


def _first(held: Import, what: str) -> list[ImportRemark]:
    return list(held.remarks.filter(what=what).order_by("line")[:_SHOWN])
