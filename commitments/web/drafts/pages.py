"""Drafts from mail and from help desks: look at them, log them, or dismiss them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from commitments.errors import CommitmentError
from commitments.services import suggestions
from commitments.web import doors, new_promise
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.promise_form import PromiseForm

from . import waiting


@require_safe
@signed_in
def show(request: StaffRequest) -> HttpResponse:
    """All that wait: those for the reader, and those for colleagues."""
    now = timezone.now()
    mine, others = waiting.of(request.user, now=now)
    context = {
        "mine": mine,
        "others": others,
        "promise_address": settings.PROMISE_ADDRESS,
        "timed_address": settings.PROMISE_ADDRESS.replace("@", "+fri10am@", 1),
        "acts": {team.pk for team in doors.teams_of(request.user, acting=True)},
    }
    return doors.page(request, "drafts/list.html", context, now=now)


@require_safe
@signed_in
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """The usual form, filled in and read: one press, where nothing is left to be asked."""
    now = timezone.now()
    draft = waiting.one_for(request.user, pk, now=now)
    form = PromiseForm(waiting.filled_in(draft), user=request.user, now=now)
    if draft.suggestion.team not in form.teams:
        raise PermissionDenied("This person makes no promises there.")
    form.is_valid()
    return new_promise.filled_in(request, form, draft=draft, now=now)


@require_POST
@signed_in
def dismiss(request: StaffRequest, pk: int) -> HttpResponse:
    """It is no promise."""
    now = timezone.now()
    if not waiting.seen_by(request.user).filter(pk=pk).exists():
        waiting.one_for(request.user, pk, now=now)  # which does not exist for them either
    try:
        suggestions.dismiss(pk, by=request.user, now=now)
    except CommitmentError as no:
        messages.error(request, str(no))
    else:
        messages.success(request, "Dismissed. It was no promise, and nobody was told.")
    return redirect("web:drafts")
