"""The line answered where it stands, by a script: logged with one Enter, or asked beside the field.

What was shown must be what is saved, as for every form. A line that was not shown yet is saved at
once only where nothing about its reading needs a look: the note says what was logged, and nothing
leaves for the customer while it can be taken back. Where the reading warns, guesses between times
or needs a choice, it is shown first, and Enter says yes to what is then shown.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from commitments.errors import CommitmentError
from commitments.models import Customer

from . import logged, once
from .doors import StaffRequest
from .once import Answer
from .promise_form import PromiseForm
from .quick_line import QuickForm

_CHANGED = "promises-changed"  # for the lists on the page, which may be renewed


def answer(request: StaffRequest, form: PromiseForm | QuickForm, *, now: datetime) -> HttpResponse:
    """What the place of the line shows after Enter; 204 where nothing was written."""
    if not request.POST.get("line", "").strip():
        return HttpResponse(status=204)
    if isinstance(form, QuickForm) or not form.is_valid() or form.understood is None:
        return _ask(request, form, now=now, status=422)
    if not (form.is_confirmed or _goes_at_once(form, request)):
        return _ask(request, form, now=now)
    try:
        made = logged.log(form, form.understood, user=request.user, now=now)
    except CommitmentError as no:
        form.refuse(no, places=logged.FIELDS)
        return _ask(request, form, now=now, status=422)
    messages.success(request, logged.note(made), extra_tags=made.undo)
    return _next(request, made, now=now)


def _goes_at_once(form: PromiseForm, request: StaffRequest) -> bool:
    """Whether it may be saved unseen: nothing else was shown, and nothing needs a look."""
    was_shown = bool(request.POST.get("shown")) and "take" not in request.POST
    understood = form.understood
    if was_shown or understood is None or understood.is_new_customer:
        return False
    due = understood.due
    warnings = (due.note, due.next_open, due.others, understood.case_note, form.unread_note)
    if any(warnings):
        return False
    before = form.beforehand
    return before is None or not before.is_sooner


def _ask(
    request: StaffRequest, form: PromiseForm | QuickForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    """The line as it was written, with what is to be answered."""
    quick = (
        form if isinstance(form, QuickForm) else QuickForm(request.POST, user=request.user, now=now)
    )
    if isinstance(form, PromiseForm) and quick.is_valid():
        for no in dict.fromkeys(no for each in form.errors.values() for no in each):
            quick.add_error("line", no)
    quick.fields["line"].widget.attrs["autofocus"] = True
    context: dict[str, object] = {
        "form": quick,
        "reading": form,
        "is_read": status == 200,
        "is_asked": isinstance(form, PromiseForm),
        "now": now,
        "zone": request.user.zone,
    }
    return _fragment(request, "quick_form.html", context, status=status)


def _next(request: StaffRequest, made: Answer, *, now: datetime) -> HttpResponse:
    """The empty line for the next promise, or the page of the one that was made."""
    if request.POST.get("then") == "open":
        return HttpResponse(headers={"HX-Redirect": made.page or made.location})
    customer = _customer(request)
    form = QuickForm(user=request.user, now=now, key=once.new_key(), customer=customer)
    form.fields["line"].widget.attrs["autofocus"] = True
    response = _fragment(request, "quick_logged.html", {"form": form}, status=200)
    response["HX-Trigger"] = _CHANGED
    return response


def _customer(request: StaffRequest) -> Customer | None:
    pk = request.POST.get("promised_to", "")
    seen = Customer.objects.visible_to(request.user)
    return seen.filter(pk=int(pk)).first() if pk.isdecimal() and pk.isascii() else None


def _fragment(
    request: StaffRequest, template: str, context: dict[str, object], *, status: int
) -> HttpResponse:
    response = render(request, f"commitments/web/{template}", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def instead_of_the_page(request: StaffRequest, page: HttpResponse) -> HttpResponse:
    """A whole page that answers a script: it takes the place of the one that is open."""
    patch_vary_headers(page, ["HX-Request"])
    if request.htmx:
        page["HX-Retarget"] = page["HX-Reselect"] = "#main"
        page["HX-Reswap"] = "outerHTML show:window:top"
        page["HX-Push-Url"] = "/promises/new/"
    return page
