"""What somebody sets for themselves, and the way to the rest of it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import digests
from commitments.errors import CommitmentError
from commitments.house import oneself
from commitments.web import once
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.once import Answer

from .profile_form import ProfileForm, zones


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """Name, times and looks."""
    if request.method != "POST":
        return _page(request, ProfileForm.as_set(request.user, once=once.new_key()))
    form, now = ProfileForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            answer = once.only_once(
                form, user=request.user, now=now, act=lambda: _keep(request, form, now=now)
            )
        except CommitmentError as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
        else:
            messages.success(request, answer.said)
            return redirect(answer.location)
    return _page(request, form, status=422)


def _keep(request: StaffRequest, form: ProfileForm, *, now: datetime) -> Answer:
    before = request.user.zone
    person = oneself.wish(request.user.pk, form.wishes())
    if person.zone != before:
        at = digests.choices.at(person.pk)
        digests.choices.choose(person.pk, at=at, now=now)  # at that hour, but of the new place
    return Answer(location=reverse("web:me"), said="Saved.")


def _page(request: StaffRequest, form: ProfileForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "zones": zones(), "section": "me"}
    return render(request, "commitments/web/me/profile.html", context, status=status)
