"""Promises come into a review by their references, and are left out of it again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Review, User
from commitments.rules import reference, saying
from commitments.web import once
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import one, references
from .access import held_for, reader
from .references import ReferencesForm


@reader
@require_POST
def add(request: StaffRequest, pk: int) -> HttpResponse:
    """The form stands on the review's own page, which says what is wrong with it."""
    review, now = held_for(request.user, pk), timezone.now()
    form = ReferencesForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            text = form.cleaned_data["promises"]
            found = references.named(text, team=review.team, user=request.user)
            act = partial(_add, review, found, user=request.user)
            answer = once.only_once(form, user=request.user, now=now, act=act)
        except CommitmentError as no:
            form.add_error("promises", str(no))
        else:
            messages.success(request, answer.said)
            return redirect(answer.location)
    return one.page(request, review, form, now=now, status=422)


def _add(review: Review, found: Sequence[Commitment], *, user: User) -> Answer:
    services.look_at(review.pk, promises=[each.pk for each in found], by=user)
    count = saying.say_count(len(found), "promise is", "promises are")
    said = f"{saying.sentence_case(count)} in this review."
    return Answer(location=reverse("web:review", args=[review.pk]), said=said)


@reader
@require_POST
def leave_out(request: StaffRequest, pk: int, ref: str) -> HttpResponse:
    """Pressed twice, it stays out."""
    review = held_for(request.user, pk)
    promise = reference.read(ref)
    if promise is None:
        raise Http404("No such promise.")
    services.leave_out(review.pk, promise=promise, by=request.user)
    messages.success(request, "Left out of this review. The promise itself stays as it is.")
    return redirect("web:review", pk)
