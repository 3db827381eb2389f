"""A review is begun, from promises that were picked or for none yet, and put into better words."""

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

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Review, Team, User
from commitments.web import doors, fields, once
from commitments.web.doors import StaffRequest
from commitments.web.lists import picking
from commitments.web.lists.picking import Picked
from commitments.web.once import Answer

from . import behind, references
from .access import held_for, reader


class FindingsForm(fields.SpokenForm):
    """A review in words."""

    marks_optional = True

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    title = fields.Words(
        label="Title",
        what="The title",
        limit=150,
        help_text="By which people find it again: Refunds in the week of the storm.",
    )
    happened = fields.lines(
        "What happened?",
        what="What happened",
        rows=5,
        help_text="In the order in which it happened. What, not who.",
        error_messages={"required": "Say in a few sentences what happened."},
    )
    why = fields.lines(
        "Why did it happen?",
        what="Why",
        required=False,
        help_text="What made it likely, and what would have caught it. It can be added later.",
    )

    def findings(self) -> services.Findings:
        said = self.cleaned_data
        return services.Findings(title=said["title"], happened=said["happened"], why=said["why"])

    def refuse(self, no: CommitmentError) -> None:
        self.add_error(no.field if no.field in self.fields else None, str(no))


class BeginForm(FindingsForm):
    """The same, and of which team, about which promises."""

    field_order = ("team", "title", "promises", "happened", "why")
    team = forms.ModelChoiceField(Team.objects.none(), empty_label=None)
    promises = references.field(required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        teams: Sequence[Team],
        initial: Mapping[str, Any] | None = None,  # Any: likewise
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        rows = Team.objects.filter(pk__in=[team.pk for team in teams])
        fields.offer_rows(self, "team", rows.order_by("name"))


class ChangeForm(FindingsForm):
    """The same of one that is there; `seen` is the version that is edited."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


@reader
def begin(request: StaffRequest) -> HttpResponse:
    """With `pick=` for each promise, or `cause=` and the choices of a report."""
    now, teams = timezone.now(), doors.led_by(request.user)
    if not teams:
        raise PermissionDenied("An auditor changes nothing.")
    if request.method != "POST":
        picked = _picked(request, now=now)
        return _begin_page(request, _begin_form(picked, teams), problem=picked.problem, now=now)
    form = BeginForm(request.POST, teams=teams)
    if form.is_valid():
        try:
            act = partial(_begin, form, user=request.user, now=now)
            answer = once.only_once(form, user=request.user, now=now, act=act)
        except CommitmentError as no:
            form.refuse(no)
        else:
            messages.success(request, answer.said)
            return redirect(answer.location)
    return _begin_page(request, form, now=now, status=422)


def _picked(request: StaffRequest, *, now: datetime) -> Picked:
    if "cause" in request.GET:
        return behind.cause(request, now=now)
    if "pick" in request.GET or "all" in request.GET:
        return picking.asked_for(request.GET, user=request.user, now=now)
    return Picked()


def _begin_form(picked: Picked, teams: Sequence[Team]) -> BeginForm:
    """Of the team whose promises they are, as far as it is one that this person leads."""
    theirs = {each.team_id for each in picked.promises}
    team = next((team for team in teams if team.pk in theirs), teams[0])
    named = " ".join(each.reference for each in picked.promises if each.team_id == team.pk)
    initial = {"once": once.new_key(), "team": team.pk, "promises": named}
    return BeginForm(teams=teams, initial=initial)


def _begin(form: BeginForm, *, user: User, now: datetime) -> Answer:
    team = form.cleaned_data["team"]
    found = references.named(form.cleaned_data["promises"], team=team, user=user)
    promises = [each.pk for each in found]
    review = services.begin_review(team.pk, form.findings(), promises=promises, by=user, now=now)
    return Answer(
        location=reverse("web:review", args=[review.pk]),
        said="The review is begun. What do you decide?",
    )


@reader
def change(request: StaffRequest, pk: int) -> HttpResponse:
    review, now = held_for(request.user, pk), timezone.now()
    if request.method != "POST":
        initial = {"once": once.new_key(), "seen": review.version}
        said = {name: getattr(review, name) for name in ("title", "happened", "why")}
        form = ChangeForm(initial=initial | said, label_suffix="")
        return _change_page(request, review, form, now=now)
    form = ChangeForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            act = partial(_change, review, form, user=request.user)
            answer = once.only_once(form, user=request.user, now=now, act=act)
        except CommitmentError as no:
            form.refuse(no)
        else:
            messages.success(request, answer.said)
            return redirect(answer.location)
    return _change_page(request, review, form, now=now, status=422)


def _change(review: Review, form: ChangeForm, *, user: User) -> Answer:
    services.edit_review(review.pk, form.findings(), seen=form.cleaned_data["seen"], by=user)
    return Answer(location=reverse("web:review", args=[review.pk]), said="Saved.")


def _begin_page(
    request: StaffRequest, form: BeginForm, *, problem: str = "", now: datetime, status: int = 200
) -> HttpResponse:
    context = {"form": form, "problem": problem}
    return doors.page(request, "reviews/edit.html", context, now=now, status=status)


def _change_page(
    request: StaffRequest, review: Review, form: ChangeForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    context = {"form": form, "review": review}
    return doors.page(request, "reviews/edit.html", context, now=now, status=status)
