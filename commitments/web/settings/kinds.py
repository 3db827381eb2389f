"""Settings, Kinds of promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.vary import vary_on_headers

from commitments import starting
from commitments.errors import CommitmentError
from commitments.house import kinds
from commitments.models import Calendar, Kind
from commitments.rules import saying
from commitments.understanding import kinds as words_of
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame, leaving
from .frame import administrator
from .kind_forms import DeadlineForm, KindForm
from .parts import PartsForm

_SECTION = "kinds"
_KEEPS = (
    "Changes apply to new promises; open ones keep their times. How often a customer is informed or"
    " nudged also counts for the open ones, from the next time on."
)


@dataclass(frozen=True, kw_only=True)
class Row:
    kind: Kind
    usual: str
    open: str


@administrator
def show(request: StaffRequest) -> HttpResponse:
    """Every kind with how it is usually promised; as many queries for many as for one."""
    now = timezone.now()
    form = PartsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        answer = frame.saved(request, form, partial(_add_usual, now=now), now=now)
        if answer is not None:
            return answer
    counts = frame.open_promises("kind")
    found = Kind.objects.select_related("policy").order_by("name")
    rows = [_row(kind, counts.get(kind.pk, 0)) for kind in found]
    context = {
        "form": form,
        "rows": [row for row in rows if row.kind.retired_at is None],
        "retired": [row for row in rows if row.kind.retired_at is not None],
        "lacks": starting.lacking_kinds(),
    }
    status = 422 if form.is_bound else 200
    return frame.page(request, "kinds.html", context, section=_SECTION, now=now, status=status)


def _row(kind: Kind, count: int) -> Row:
    hour = f", {saying.say_wall(kind.usual_hour)}" if kind.usual_hour else ""
    return Row(
        kind=kind,
        usual=f"{words_of.usual_length(kind)}{hour}",
        open=saying.sentence_case(saying.say_count(count, "open promise")),
    )


def _add_usual(*, now: datetime) -> Answer:
    added = starting.add_kinds(now=now)
    said = f"{saying.sentence_case(saying.say_count(added, 'kind'))} added. Change what differs."
    return Answer(location=reverse("web:kinds"), said=said)


@administrator
@vary_on_headers("HX-Request")
def edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """One kind, or a new one; the line that says when it would be due follows what is typed."""
    now = timezone.now()
    kind = get_object_or_404(Kind, pk=pk) if pk is not None else None
    if request.method != "POST":
        form = KindForm(kind=kind)
        return _page(request, kind, form, line=_line_of(kind, now=now), now=now)
    form = KindForm(request.POST, kind=kind)
    line = _line(request, now=now)
    if request.POST.get("press") == "preview":
        if request.htmx:
            return render(request, "commitments/web/settings/kind_line.html", {"line": line})
        form.is_valid()
        return _page(request, kind, form, line=line, now=now)
    answer = frame.saved(request, form, partial(_save, form, kind, now=now), now=now)
    return answer or _page(request, kind, form, line=line, now=now)


def _save(form: KindForm, kind: Kind | None, *, now: datetime) -> Answer:
    if kind is None:
        kept = kinds.make(form.plan())
        said = f"{kept} can be promised now."
    else:
        kept = kinds.edit(kind.pk, form.plan(), seen_mark=form.cleaned_data["seen"], now=now)
        said = f"{kept} is saved. Open promises keep their times."
    return Answer(location=reverse("web:kinds"), said=said)


def _line(request: StaffRequest, *, now: datetime) -> str:
    """`Logged now, a Refund would be due Tue 26 May, 5:00 pm.`, or what is missing."""
    form = DeadlineForm(request.POST)
    if not form.is_valid():
        return "Give a length to see when it would be due."
    try:
        return _said(kinds.unsaved(form.plan()), now=now)
    except CommitmentError as no:
        return str(no)


def _line_of(kind: Kind | None, *, now: datetime) -> str:
    if kind is None:
        return "Give a length to see when it would be due."
    try:
        return _said(kind, now=now)
    except CommitmentError as no:
        return str(no)


def _said(kind: Kind, *, now: datetime) -> str:
    calendar = Calendar.objects.in_use().first()
    if calendar is None:
        return "No team has hours yet, so nothing can be counted."
    hours = calendar.hours()
    due = saying.say_time(kind.usual_due(now, hours=hours), zone=calendar.zone, now=now)
    article = "an" if kind.name[:1].casefold() in "aeiou" else "a"
    return f"Logged now, {article} {kind.name} would be due {due} (by {calendar})."


def _page(
    request: StaffRequest, kind: Kind | None, form: KindForm, *, line: str, now: datetime
) -> HttpResponse:
    context = {
        "form": form,
        "title": str(kind) if kind else "New kind of promise",
        "lede": "How promises of this kind are usually worded, timed and followed up.",
        "over": "Kinds of promises",
        "back": reverse("web:kinds"),
        "keeps": _KEEPS if kind else "",
        "line": line,
        "is_retired": "Retired: it is offered no more." if kind and kind.retired_at else "",
        "ways_out": _LEAVING.ways_out(kind) if kind else (),
    }
    status = 422 if form.errors and request.POST.get("press") != "preview" else 200
    return frame.page(request, "kind.html", context, section=_SECTION, now=now, status=status)


def _go_on(count: int) -> str:
    if not count:
        return "None is open."
    goes = "goes" if count == 1 else "go"
    said = saying.sentence_case(saying.say_count(count, "open promise"))
    return f"{said} {goes} on as they are."


def _if_retired(count: int) -> str:
    return f"No new promise of this kind can be made. {_go_on(count)}"


_LEAVING = leaving.Leaving(
    model=Kind,
    verbs=kinds,
    name="kind",
    page="kind",
    section=_SECTION,
    if_retired=_if_retired,
    if_back="It can be promised again, as it was.",
    is_back="can be promised again.",
    if_deleted="Nothing was ever promised as this kind. It is gone for good.",
)
retire, bring_back, delete = _LEAVING.views()
