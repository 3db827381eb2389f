"""Log a promise, in one line or in a form. What was understood is shown before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from commitments.errors import CommitmentError
from commitments.models import Customer, User
from commitments.understanding import dues

from . import doors, in_place, logged, once, prefilled, reads, undo
from .doors import StaffRequest, signed_in
from .drafts import waiting
from .drafts.waiting import Draft
from .promise_form import PromiseForm
from .quick_line import QuickForm

F = TypeVar("F", PromiseForm, QuickForm)


def quick_form(user: User, *, now: datetime, customer: Customer | None = None) -> QuickForm | None:
    """The line of My promises, or of a customer's page; None for those who make no promises."""
    form = QuickForm(user=user, now=now, key=once.new_key(), customer=customer)
    return form if form.teams else None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """The full form. A POST from anywhere lands here: shown, or saved once it has been shown."""
    now = timezone.now()
    if request.method != "POST":
        return _prefilled(request, now=now)
    form = _sent(request.POST, user=request.user, now=now)
    if request.htmx and "line" in request.POST and "open" not in request.POST:
        return in_place.answer(request, form, now=now)
    if isinstance(form, QuickForm) or not form.is_valid():
        return _page(request, form, now=now, status=422)
    is_asked_for = "open" in request.POST or "give_to" in request.POST
    if not form.is_confirmed or form.understood is None or is_asked_for:
        return _page(request, form, now=now)
    try:
        answer = logged.log(form, form.understood, user=request.user, now=now)
    except CommitmentError as no:
        form.refuse(no, places=logged.FIELDS)
        return _page(request, form, now=now, status=422)
    messages.success(request, logged.note(answer), extra_tags=answer.undo)
    return redirect(answer.page if request.POST.get("then") == "open" else answer.location)


@require_POST
@signed_in
def read(request: StaffRequest) -> HttpResponse:
    """How a line would be read, as a fragment of a page: what was understood, or what is asked.

    Nothing is kept. Sent along, its `shown` and `read_at` say that the line was shown like this.
    """
    now = timezone.now()
    data = request.POST.copy()
    data["once"] = "only to be read"
    form = _sent(data, user=request.user, now=now) if data.get("line", "").strip() else None
    is_read = form is not None and form.is_valid() and not isinstance(form, QuickForm)
    context = {
        "form": form,
        "is_read": is_read,
        "is_asked": isinstance(form, PromiseForm),
        "why": _why(form, now=now),
        "now": now,
        "zone": request.user.zone,
    }
    return render(request, "commitments/web/read.html", context)


def _sent(data: QueryDict, *, user: User, now: datetime) -> PromiseForm | QuickForm:
    """The form that was sent; a line that can be read is the full form that it stands for."""
    if "line" not in data:
        form = PromiseForm(reads.taken(data), user=user, now=now)
        return _for_those_who_promise(form)
    quick = _for_those_who_promise(QuickForm(data, user=user, now=now))
    return quick.spelled_out() if quick.is_valid() else quick


def _for_those_who_promise(form: F) -> F:
    if not form.teams:
        raise PermissionDenied("This person makes no promises.")
    return form


def _prefilled(request: StaffRequest, *, now: datetime) -> HttpResponse:
    """The form as somebody's link asks for it: a phone system, a help desk, the bookmarklet."""
    initial = {"once": once.new_key()}
    form = _for_those_who_promise(PromiseForm(user=request.user, now=now, initial=initial))
    filled = prefilled.read(request.GET, user=request.user, teams=form.teams)
    form.initial.update(filled.values)
    return _page(request, form, now=now, notes=filled.notes)


def filled_in(
    request: StaffRequest, form: PromiseForm, *, draft: Draft, now: datetime
) -> HttpResponse:
    """The form as a draft fills it in; sent, it is one of the above."""
    form.opened = "suggested"  # one reads first where it comes from
    context = {"form": form, "why": _why(form, now=now), "draft": draft}
    return doors.page(request, "new_promise.html", context, now=now)


def _page(
    request: StaffRequest,
    form: PromiseForm | QuickForm,
    *,
    now: datetime,
    status: int = 200,
    notes: Sequence[str] = (),
) -> HttpResponse:
    if isinstance(form, QuickForm):
        return doors.page(request, "line_again.html", {"form": form}, now=now, status=status)
    form.open_at(request.POST.get("open", ""))
    context: dict[str, object] = {"form": form, "why": _why(form, now=now), "notes": notes}
    context["draft"] = waiting.behind(form, user=request.user, now=now)
    if form.understood is not None:
        agreement = logged.preview(form, form.understood, user=request.user, now=now)
        context |= {"agreement": agreement, "undo_wait": undo.wait_in_words()}
    page = doors.page(request, "new_promise.html", context, now=now, status=status)
    return in_place.instead_of_the_page(request, page)


def _why(form: PromiseForm | QuickForm | None, *, now: datetime) -> list[str]:
    """The steps that lead to the time that was understood, in words."""
    if not isinstance(form, PromiseForm) or form.understood is None:
        return []
    return dues.why_lines(form.understood.due, team=form.understood.team, now=now)
