"""Accept a suggested move: one click, by the hand-over of any promise, and taken back like it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment
from commitments.web import doors, fields, once, undo
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.once import Answer

from . import frame


class MoveForm(fields.SpokenForm):
    """Which promise, from whom and to whom: as the page suggested it."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    pick = forms.CharField(max_length=20, widget=forms.HiddenInput)
    giver = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    to = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


@require_POST
@signed_in
def accept(request: StaffRequest) -> HttpResponse:
    """Back to the page, which says what was done, or in its own words why a rule said no."""
    now = timezone.now()
    form = MoveForm(request.POST)
    back = _back(request)
    if not form.is_valid():
        messages.warning(request, " ".join(str(each) for each in form.errors.popitem()[1]))
        return redirect(back)
    promise = doors.promise_for(request.user, form.cleaned_data["pick"])
    try:
        answer = once.only_once(
            form,
            user=request.user,
            now=now,
            act=lambda: _hand(request, promise, form.cleaned_data, back, now=now),
            beside=f"{promise.reference} {form.cleaned_data['to']}",
        )
    except CommitmentError as no:
        messages.warning(request, f"Not handed over: {promise.wording[:80]}. {no}")
        return redirect(back)
    messages.success(request, answer.said, extra_tags=answer.undo)
    return redirect(answer.location)


def _hand(
    request: StaffRequest,
    promise: Commitment,
    asked: Mapping[str, Any],  # Any: what the form has cleaned
    back: str,
    *,
    now: datetime,
) -> Answer:
    if promise.owner_id != asked["giver"]:
        raise CommitmentError("It has changed hands since this was suggested.")
    handed = services.reassign(promise.pk, by=request.user, owner_id=asked["to"], now=now)
    return Answer(
        location=back,
        said=f"Handed to {handed.owner}: {promise.wording[:80]}.",
        undo=undo.token_for(handed, user=request.user),
        about=[handed.customer_id],
    )


def _back(request: StaffRequest) -> str:
    query = frame.query_of(request)
    return f"{reverse('web:workload')}{f'?{query}' if query else ''}"
