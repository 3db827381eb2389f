"""A deed that a link in a chat asks for: GET shows it, POST does it, in the name of who is there.

The link is no key. Whoever opens it signs in, sees what they may see, and does what they may do. It
is good for a day, for the deadline under which it was written, and once.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commitments.errors import CommitmentError
from commitments.messages import acting
from commitments.messages.acting import Ticket
from commitments.models import Commitment, User
from commitments.rules import reference

from . import doors, once, verbs
from .doors import StaffRequest, signed_in
from .once import Answer
from .verb_forms import VerbForm

_SEES_ONLY = "You can see this promise, but not change it."
_MOVED = "Its time was changed after this message. Have a look at it before you do anything."
_USED = "This link has done what it says. How the promise stands now is on its page."


class _NotAnyMore(CommitmentError):
    """The promise is no longer what the message was about."""


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, token: str) -> HttpResponse:
    """Ask, refuse in words, or act and lead to the promise.

    404 for a link that is no longer good, and for a promise that this person may not see; 403 where
    they may only look; 409 where the message is overtaken.
    """
    now = timezone.now()
    ticket = acting.read(token, now=now)
    if ticket is None:
        return doors.page(request, "from_chat_gone.html", {}, now=now, status=404)
    commitment = doors.promise_for(request.user, reference.write(ticket.commitment_id))
    if not doors.may_act(request.user, commitment):
        return _cannot(request, commitment, _SEES_ONLY, now=now, status=403)
    if refusal := _refusal(ticket, token, commitment, now=now):
        return _cannot(request, commitment, refusal, now=now, status=409)
    form = _form(request, ticket, commitment, now=now)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, ticket, now=now)
    return _do(request, form, ticket, token, now=now)


def _refusal(ticket: Ticket, token: str, commitment: Commitment, *, now: datetime) -> str:
    """Why nothing can come of this link any more, or nothing."""
    if once.link_was_used(token, now=now):
        return _USED
    try:
        _check(ticket, commitment, now=now)
    except CommitmentError as no:
        return str(no)
    return ""


def _check(ticket: Ticket, commitment: Commitment, *, now: datetime) -> None:
    """Raises CommitmentError."""
    verbs.FORMS[ticket.deed].check_makes_sense(commitment, now=now)
    if commitment.revision != ticket.revision:
        raise _NotAnyMore(_MOVED)


def _form(
    request: StaffRequest, ticket: Ticket, commitment: Commitment, *, now: datetime
) -> VerbForm:
    if request.method != "POST":
        return verbs.new_form(ticket.deed, commitment, request, now=now)
    form = verbs.FORMS[ticket.deed]
    return form(request.POST, commitment=commitment, user=request.user, now=now)


def _do(
    request: StaffRequest, form: VerbForm, ticket: Ticket, token: str, *, now: datetime
) -> HttpResponse:
    try:
        answer = once.by_link(token, now=now, act=partial(_act, form, ticket, now=now))
    except CommitmentError as no:
        name = form.fields_of.get(no.field or "", no.field)
        form.add_error(name if name in form.fields else None, str(no))
        return _page(request, form, ticket, now=now)
    if answer is None:
        messages.info(request, _USED)
        return redirect("web:promise", form.commitment.reference)
    messages.success(request, answer.said, extra_tags=answer.undo)
    return redirect(answer.location)


def _act(form: VerbForm, ticket: Ticket, *, now: datetime) -> Answer:
    """Under the deadline of the message, which nobody changes meanwhile."""
    with transaction.atomic():
        held = Commitment.objects.select_for_update().get(pk=ticket.commitment_id)
        _check(ticket, held, now=now)
        return verbs.done_by(form, ticket.deed)


def _page(request: StaffRequest, form: VerbForm, ticket: Ticket, *, now: datetime) -> HttpResponse:
    meant = User.objects.filter(pk=ticket.person_id).first()
    context = {
        "form": form,
        "commitment": form.commitment,
        "meant": meant if meant != request.user else None,
    }
    status = 422 if form.errors else 200
    return doors.page(request, "from_chat.html", context, now=now, status=status)


def _cannot(
    request: StaffRequest, commitment: Commitment, sentence: str, *, now: datetime, status: int
) -> HttpResponse:
    context = {"commitment": commitment, "sentence": sentence}
    return doors.page(request, "cannot.html", context, now=now, status=status)
