"""Ask the owners of some promises how they stand: once with a look at who is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Commitment, Membership, User
from commitments.models.people import LEADING
from commitments.rules import saying
from commitments.web import backs, doors, fields, once
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.once import Answer

from . import ticked

_LONGEST = 20_000  # of the references of many
_TICK = "Tick the promises first."
_NAMED = 5  # of those whose owners could not be asked


class AskForm(fields.SpokenForm):
    """The asker's note; the promises are named by reference."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    picks = forms.CharField(max_length=_LONGEST, widget=forms.HiddenInput)
    back = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput)
    note = fields.lines(
        "What would you like to know?", what="The note", limit=500, rows=2, required=False,
        help_text="Their owners read it now, and it stands in the history. Team only.",
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """Who would be asked, by GET; asked by POST."""
    now = timezone.now()
    if not _leads_somewhere(request.user):
        raise PermissionDenied("This person asks no owners.")
    if request.method != "POST":
        promises = ticked.of(request.GET.getlist("pick"), user=request.user)
        if not promises:
            messages.warning(request, _TICK)
            return redirect(_back(request.GET.get("back", "")))
        initial = {
            "once": once.new_key(),
            "picks": " ".join(each.reference for each in promises),
            "back": backs.known(request.GET.get("back", "")),
        }
        form = AskForm(initial=initial, label_suffix="")
        return _page(request, form, promises, now=now)
    return _asked(request, now=now)


def _asked(request: StaffRequest, *, now: datetime) -> HttpResponse:
    form = AskForm(request.POST, label_suffix="")
    promises = ticked.of(request.POST.get("picks", "").split(), user=request.user)
    if not promises:
        form.add_error(None, _TICK)
    if not form.is_valid():
        return _page(request, form, promises, now=now, status=422)
    act = partial(_ask, form.cleaned_data, promises, by=request.user, now=now)
    answer = once.only_once(
        form, user=request.user, now=now, act=act, beside=form.cleaned_data["picks"]
    )
    messages.success(request, answer.said)
    return redirect(answer.location)


def _ask(
    cleaned: Mapping[str, Any],  # Any: Django's own
    promises: Sequence[Commitment],
    *,
    by: User,
    now: datetime,
) -> Answer:
    """Each by itself: where nobody can be asked, the reason is said."""
    asked: list[str] = []
    refused: list[str] = []
    for promise in sorted(promises, key=lambda each: each.pk):
        try:
            done = services.ask_for_update(promise.pk, by=by, note=cleaned["note"], now=now)
        except CommitmentError as no:
            refused.append(f"Not asked about {promise.wording[:60]}: {no}")
        else:
            asked.append(done.owner.first_name if done.owner else "")
    said = [_said(asked)] if asked else []
    if (more := len(refused) - _NAMED) > 0:
        refused = [*refused[:_NAMED], f"Nor about {saying.say_count(more, 'other')}."]
    return Answer(
        location=_back(cleaned["back"]),
        said=" ".join([*said, *refused]),
        about=[each.customer_id for each in promises],
    )


def _said(asked: Sequence[str]) -> str:
    names = sorted(set(asked))
    *most, last = names
    called = f"{', '.join(most)} and {last}" if most else last
    if len(names) > 4:
        called = saying.sentence_case(saying.say_count(len(names), "owner"))
    has = "was" if len(names) == 1 else "were"
    return f"{called} {has} asked about {saying.say_count(len(asked), 'promise')}."


def _leads_somewhere(user: User) -> bool:
    leading = Membership.objects.filter(user=user, role__in=LEADING)
    return user.is_superuser or leading.exists()


def _back(name: str) -> str:
    return backs.page(name) or reverse("web:team")


def _page(
    request: StaffRequest,
    form: AskForm,
    promises: Sequence[Commitment],
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "promises": promises,
        "count": saying.say_count(len(promises), "promise"),
        "back_url": _back(str(form["back"].value() or "")),
    }
    return doors.page(request, "team/ask.html", context, now=now, status=status)
