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
from django.views.decorators.vary import vary_on_headers

from commitments import checkins
from commitments.errors import CommitmentError
from commitments.models import Commitment
from commitments.rules import lifecycle

from . import (
    backs,
    check_in_forms,
    closings,
    doors,
    heard_forms,
    once,
    previews,
    reads,
    states,
    undo,
)
from .bell import remind_form
from .calls import attempt_form
from .doors import StaffRequest, signed_in
from .ending_forms import CauseForm, CloseForm, DoneForm
from .make_right_form import MakeRightForm
from .move_forms import MoveForm, ReopenForm, TimedForm
from .nudge_form import NudgeForm
from .once import Answer
from .previews import Preview
from .thank_form import ThankForm
from .update_form import UpdateForm
from .verb_forms import (
    AcknowledgeForm,
    HandOverForm,
    HelpForm,
    ResumeForm,
    VerbForm,
    WaitForm,
)

FORMS: dict[str, type[VerbForm]] = {
    "update": UpdateForm,
    "done": DoneForm,
    "move": MoveForm,
    "wait": WaitForm,
    "resume": ResumeForm,
    "nudge": NudgeForm,
    "hand-over": HandOverForm,
    "close": CloseForm,
    "reopen": ReopenForm,
    "make-right": MakeRightForm,
    "cause": CauseForm,
    "acknowledge": AcknowledgeForm,
    "help": HelpForm,
    "thank": ThankForm,
    "attempt": attempt_form.AttemptForm,
    "remind": remind_form.RemindForm,
    "answer": heard_forms.AnswerForm,
    "renew-link": heard_forms.RenewLinkForm,
    "check-in": check_in_forms.CheckInForm,
    "confirm-answer": check_in_forms.ConfirmAnswerForm,
}
UPDATE_BOX = "update-box"  # on the promise's page, beside a form that may be open in place
_SEES_ONLY = "You can see this promise, but not change it."


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request", "HX-Target")
def show(request: StaffRequest, ref: str, verb: str) -> HttpResponse:
    """Ask, refuse in words (422), show what would be done, or act and say so.

    Where nothing can come of it, the form is not shown at all: 403 by role, 409 by state. Where
    script asks, only the form is answered, to be opened in place.
    """
    commitment = doors.promise_for(request.user, ref)
    if verb not in FORMS:
        raise Http404("No such action.")
    now = timezone.now()
    if not doors.may_act(request.user, commitment):
        return _cannot(request, commitment, _SEES_ONLY, now=now, status=403)
    if request.method != "POST":
        return _ask(request, commitment, verb, now=now)
    return _answer(request, commitment, verb, now=now)


def _answer(
    request: StaffRequest, commitment: Commitment, verb: str, *, now: datetime
) -> HttpResponse:
    if "fill" in request.POST:
        return _page(request, _filled_in(request, commitment, verb, now=now), verb, now=now)
    data = reads.taken(request.POST)
    form = FORMS[verb](data, commitment=commitment, user=request.user, now=now)
    if "preview" in request.POST and form.writes_to_customer:
        return _preview(request, form, verb, now=now)
    if not form.is_valid():
        return _page(request, form, verb, now=now, status=422)
    if isinstance(form, TimedForm) and not form.is_confirmed:
        return _page(request, form, verb, preview=previews.of(form), now=now)
    return _do(request, form, verb, now=now)


def _do(request: StaffRequest, form: VerbForm, verb: str, *, now: datetime) -> HttpResponse:
    try:
        act = partial(done_by, form, verb)
        answer = once.only_once(form, user=request.user, now=now, act=act)
    except CommitmentError as no:
        name = form.fields_of.get(no.field or "", no.field)
        said = _explained(no, form.commitment, zone=request.user.zone, now=now)
        form.add_error(name if name in form.fields else None, said)
        return _page(request, form, verb, now=now, status=422)
    messages.success(request, answer.said, extra_tags=answer.undo)
    if request.htmx and request.htmx.current_url_abs_path != answer.location:
        return HttpResponse(headers={"HX-Redirect": answer.location})
    return redirect(answer.location)


def _preview(request: StaffRequest, form: VerbForm, verb: str, *, now: datetime) -> HttpResponse:
    """What the customer would read. Asked for while somebody types, it never refuses."""
    is_valid = form.is_valid()
    found = previews.of(form) if is_valid else None
    if not (request.htmx and str(request.htmx.target).startswith("preview")):
        return _page(request, form, verb, preview=found, now=now, status=200 if is_valid else 422)
    context = _context(form, verb, preview=found) | {"is_live": True}
    return doors.page(request, "preview.html", context, now=now)


def _filled_in(
    request: StaffRequest, commitment: Commitment, verb: str, *, now: datetime
) -> VerbForm:
    """The form as it was sent, with the text in it that was chosen."""
    typed = {name: str(value) for name, value in request.POST.items()}
    empty = new_form(verb, commitment, request, now=now)
    initial = {**empty.initial, **typed, **empty.with_text(typed.get("text", ""))}
    return FORMS[verb](commitment=commitment, user=request.user, now=now, initial=initial)


def _ask(
    request: StaffRequest, commitment: Commitment, verb: str, *, now: datetime
) -> HttpResponse:
    try:
        FORMS[verb].check_makes_sense(commitment, now=now)
    except lifecycle.IllegalMoveError as no:
        closed = closings.said_of(commitment, zone=request.user.zone, now=now)
        return _cannot(request, commitment, closed or str(no), now=now, status=409)
    except CommitmentError as no:
        return _cannot(request, commitment, str(no), now=now, status=409)
    if sentence := _not_now(commitment, verb, zone=request.user.zone, now=now):
        return _cannot(request, commitment, sentence, now=now, status=409)
    return _page(request, new_form(verb, commitment, request, now=now), verb, now=now)


def _not_now(commitment: Commitment, verb: str, *, zone: str, now: datetime) -> str:
    """Why nothing can come of it for now, although it makes sense; or nothing."""
    if verb == "check-in":
        return checkins.refusal(commitment, zone=zone, now=now)
    if verb == "confirm-answer" and not checkins.doubted(commitment):
        return "There is no doubt about what was answered."
    return ""


def _cannot(
    request: StaffRequest, commitment: Commitment, sentence: str, *, now: datetime, status: int
) -> HttpResponse:
    context = {"commitment": commitment, "sentence": sentence}
    template = "cannot_here.html" if request.htmx else "cannot.html"
    return doors.page(request, template, context, now=now, status=status)


def new_form(
    verb: str, commitment: Commitment, request: StaffRequest, *, now: datetime
) -> VerbForm:
    """The empty form of a verb, with a key of its own."""
    initial = {"once": once.new_key(), "back": backs.known(request.GET.get("back", ""))}
    if request.GET.get("after") == attempt_form.AFTER:
        initial |= attempt_form.filled_in(verb, commitment, now=now)
    if verb in {"move", "make-right"} and (when := request.GET.get("when", "")):
        initial["when"] = when[:200]
    return FORMS[verb](commitment=commitment, user=request.user, now=now, initial=initial)


def done_by(form: VerbForm, verb: str) -> Answer:
    """Do what a valid form says; answers where that leads. Raises CommitmentError."""
    commitment = form.act()
    back = backs.page(form.cleaned_data["back"]) or page_of(commitment)
    return Answer(
        location=form.leads_to(commitment) or back,
        said=form.said(commitment),
        undo=undo.token_for(commitment, user=form.user) if form.leaves_trace else "",
        about=[commitment.customer_id],
    )


def page_of(commitment: Commitment) -> str:
    return reverse("web:promise", args=[commitment.reference])


def _explained(no: CommitmentError, commitment: Commitment, *, zone: str, now: datetime) -> str:
    """Where somebody else was faster, the reader learns who, and that their words are kept."""
    current = Commitment.objects.select_related("customer").get(pk=commitment.pk)
    if not current.is_live and isinstance(no, lifecycle.IllegalMoveError):
        said = closings.said_of(current, zone=zone, now=now) or str(no)
        return f"{said} Your text is below if you still need it."
    return str(no)


def _page(
    request: StaffRequest,
    form: VerbForm,
    verb: str,
    *,
    preview: Preview | None = None,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    context = _context(form, verb, preview=preview)
    template = form.page
    if request.htmx:
        template = "verb_here.html"
    if request.htmx and request.htmx.target == UPDATE_BOX:
        template, form.auto_id = "update_box.html", f"{UPDATE_BOX}-%s"
    return doors.page(request, template, context, now=now, status=status)


def _context(form: VerbForm, verb: str, *, preview: Preview | None) -> dict[str, object]:
    commitment = form.commitment
    return {
        "form": form,
        "verb": verb,
        "commitment": commitment,
        "state": states.of(commitment, now=form.now),
        "form_url": reverse("web:verb", args=[commitment.reference, verb]),
        "back_url": backs.page(str(form["back"].value() or "")) or page_of(commitment),
        "why": form.why() if isinstance(form, TimedForm) else [],
        "preview": preview,
        "undo_wait": undo.wait_in_words(),
    }
