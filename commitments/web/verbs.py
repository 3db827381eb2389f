"""Every verb of a promise as a small form page: GET shows it, POST acts."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.errors import CommitmentError
from commitments.models import Commitment
from commitments.rules import lifecycle

from . import backs, doors, once, reads, states, undo
from .calls import attempt_form
from .doors import StaffRequest, signed_in
from .move_forms import MoveForm, ReopenForm, TimedForm
from .once import Answer
from .verb_forms import (
    AcknowledgeForm,
    CloseForm,
    DoneForm,
    HandOverForm,
    HelpForm,
    ResumeForm,
    UpdateForm,
    VerbForm,
    WaitForm,
)

FORMS: dict[str, type[VerbForm]] = {
    "update": UpdateForm,
    "done": DoneForm,
    "move": MoveForm,
    "wait": WaitForm,
    "resume": ResumeForm,
    "hand-over": HandOverForm,
    "close": CloseForm,
    "reopen": ReopenForm,
    "acknowledge": AcknowledgeForm,
    "help": HelpForm,
    "attempt": attempt_form.AttemptForm,
}
_SEES_ONLY = "You can see this promise, but not change it."
_MINE = "mine"  # the page to go back to; anything else is the promise's own


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, ref: str, verb: str) -> HttpResponse:
    """Ask, refuse in words (422), show a time that was read, or act and say so.

    Where nothing can come of it, the form is not shown at all: 403 by role, 409 by state.
    """
    commitment = doors.promise_for(request.user, ref)
    if verb not in FORMS:
        raise Http404("No such action.")
    now = timezone.now()
    if not doors.may_act(request.user, commitment):
        return _cannot(request, commitment, _SEES_ONLY, now=now, status=403)
    if request.method != "POST":
        return _ask(request, commitment, verb, now=now)
    data = reads.taken(request.POST)
    form = FORMS[verb](data, commitment=commitment, user=request.user, now=now)
    if not form.is_valid():
        return _page(request, form, verb, now=now, status=422)
    if isinstance(form, TimedForm) and not form.is_confirmed:
        return _page(request, form, verb, now=now)
    try:
        act = partial(_act, form, verb)
        answer = once.only_once(form, user=request.user, now=now, act=act)
    except CommitmentError as no:
        name = form.fields_of.get(no.field or "", no.field)
        form.add_error(name if name in form.fields else None, _explained(no, commitment, now=now))
        return _page(request, form, verb, now=now, status=422)
    messages.success(request, answer.said, extra_tags=answer.undo)
    return redirect(answer.location)


def _ask(
    request: StaffRequest, commitment: Commitment, verb: str, *, now: datetime
) -> HttpResponse:
    try:
        lifecycle.check_makes_sense(
            FORMS[verb].verb, status=commitment.status, due_at=commitment.due_at, now=now
        )
    except lifecycle.IllegalMoveError as no:
        return _cannot(request, commitment, str(no), now=now, status=409)
    return _page(request, new_form(verb, commitment, request, now=now), verb, now=now)


def _cannot(
    request: StaffRequest, commitment: Commitment, sentence: str, *, now: datetime, status: int
) -> HttpResponse:
    context = {"commitment": commitment, "sentence": sentence}
    return doors.page(request, "cannot.html", context, now=now, status=status)


def new_form(
    verb: str, commitment: Commitment, request: StaffRequest, *, now: datetime
) -> VerbForm:
    """The empty form of a verb, with a key of its own."""
    initial = {"once": once.new_key(), "back": backs.known(request.GET.get("back", ""))}
    if request.GET.get("after") == attempt_form.AFTER:
        initial |= attempt_form.filled_in(verb, commitment, now=now)
    return FORMS[verb](commitment=commitment, user=request.user, now=now, initial=initial)


def _act(form: VerbForm, verb: str) -> Answer:
    commitment = form.act()
    back = backs.page(form.cleaned_data["back"]) or page_of(commitment)
    return Answer(
        location=form.leads_to(commitment) or back,
        said=form.said(commitment),
        undo=undo.token_for(commitment, user=form.user),
    )


def page_of(commitment: Commitment) -> str:
    return reverse("web:promise", args=[commitment.reference])


def _explained(no: CommitmentError, commitment: Commitment, *, now: datetime) -> str:
    """Where somebody else was faster, the reader learns that their words are kept."""
    current = Commitment.objects.get(pk=commitment.pk)
    if commitment.is_live and not current.is_live:
        return f"{no} Your text is below if you still need it."
    return str(no)


def _page(
    request: StaffRequest, form: VerbForm, verb: str, *, now: datetime, status: int = 200
) -> HttpResponse:
    commitment = form.commitment
    context = {
        "form": form,
        "verb": verb,
        "commitment": commitment,
        "state": states.of(commitment, now=now),
        "back_url": backs.page(str(form["back"].value() or "")) or page_of(commitment),
        "why": form.why() if isinstance(form, TimedForm) else [],
    }
    return doors.page(request, "verb.html", context, now=now, status=status)
