"""Log a promise: who, what, by when. What was understood is shown before it is saved."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import services
from commitments.errors import CommitmentError
from commitments.messages import customer as customer_messages
from commitments.models import Commitment, User
from commitments.rules import saying

from . import doors, once, reads, undo, verbs
from .customers import Newcomer
from .doors import StaffRequest, signed_in
from .once import Answer
from .promise_form import PromiseForm, Understood

_FIELDS = {
    "due_at": "when", "due_said": "when", "customer_id": "who", "owner_id": "owner",
    "team_id": "team", "kind_id": "kind", "case": "case", "conversation_id": "case",
}  # fmt: skip


def quick_form(user: User, *, now: datetime) -> PromiseForm | None:
    """The line on My promises; None for those who may not make promises."""
    form = PromiseForm(user=user, now=now, initial={"once": once.new_key()})
    return form if form.teams else None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """The full form. A POST from anywhere lands here: shown, or saved once it has been shown."""
    now = timezone.now()
    if request.method != "POST":
        return _page(request, _prefilled(request, now=now), now=now)
    form = PromiseForm(reads.taken(request.POST), user=request.user, now=now)
    if not form.teams:
        raise PermissionDenied("This person makes no promises.")
    if not form.is_valid():
        return _page(request, form, now=now, status=422)
    if not form.is_confirmed or form.understood is None:
        return _page(request, form, now=now)
    try:
        answer = once.only_once(
            form.cleaned_data["once"],
            user=request.user,
            now=now,
            act=partial(_make, form.understood, form, user=request.user, now=now),
        )
    except CommitmentError as no:
        form.refuse(no, places=_FIELDS)
        return _page(request, form, now=now, status=422)
    messages.success(request, answer.said, extra_tags=answer.undo)
    return redirect(answer.location)


def _prefilled(request: StaffRequest, *, now: datetime) -> PromiseForm:
    """A phone system or help desk opens the form with `?customer=&case=&q=`."""
    asked = request.GET
    initial = {
        "once": once.new_key(),
        "who": asked.get("customer", "")[:200],
        "case": asked.get("case", "")[:120],
        "wording": asked.get("q", "")[:500],
    }
    return PromiseForm(user=request.user, now=now, initial=initial)


def _page(
    request: StaffRequest, form: PromiseForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    if not form.teams:
        raise PermissionDenied("This person makes no promises.")
    return doors.page(request, "new_promise.html", {"form": form}, now=now, status=status)


def _make(understood: Understood, form: PromiseForm, *, user: User, now: datetime) -> Answer:
    customer = understood.customer
    if isinstance(customer, Newcomer):
        customer = services.customer_for(team=understood.team, **asdict(customer))
    draft = form.draft(understood, customer_id=customer.pk)
    commitment = services.make(draft, by=user, now=now)
    return Answer(
        location=reverse("web:mine")
        if commitment.owner_id == user.pk
        else verbs.page_of(commitment),
        said=_said(commitment, summary=understood.summary, user=user, now=now),
        undo=undo.token_for(commitment, user=user),
    )


def _said(commitment: Commitment, *, summary: bool, user: User, now: datetime) -> str:
    due = saying.say_time(commitment.due_at, zone=user.zone, now=now)
    logged = f"Logged for {commitment.customer.first_name}, {due}."
    if not summary:
        return logged
    obstacle = customer_messages.unreachable(commitment.customer, now=now)
    if obstacle is not None:
        return f"{logged} {obstacle.reason}"
    return f"{logged} Summary goes out in {undo.wait_in_words()}."
