"""What a review decides: what is to change, who sees to it, and by which day."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Review, User
from commitments.models.people import KEEPING
from commitments.rules import saying
from commitments.web import doors, fields, once
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from .access import held_for, reader

_A_DAY = "Give a day, like 2026-05-22."
_USUAL_DAYS = 10  # working days from now


class DecisionForm(fields.SpokenForm):
    """It is due when the team closes on that day."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    wording = fields.Words(
        label="What is to change?",
        what="The decision",
        limit=500,
        help_text="Such as: Show refunds of the weekend on Monday's board.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "true"}),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label="Who sees to it?",
        empty_label="Choose a colleague",
        error_messages={
            "required": "Choose who sees to it.",
            "invalid_choice": "Choose somebody of this team.",
        },
    )
    day = forms.DateField(
        label="By which day?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="It is due when the team closes on that day.",
        error_messages={"invalid": _A_DAY, "required": _A_DAY},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        review: Review,
        now: datetime,
    ) -> None:
        self.hours, self.now = review.team.calendar.hours(), now
        initial = {"once": once.new_key(), "day": self._usual_day()}
        super().__init__(data, initial=initial, label_suffix="")
        people = User.objects.filter(
            memberships__team=review.team_id, memberships__role__in=KEEPING, is_active=True
        )
        fields.offer_rows(self, "owner", people.order_by("name", "pk"))

    def _usual_day(self) -> date | None:
        """Two weeks of work from now; none for a team that is never open."""
        with suppress(CommitmentError):
            usual = self.hours.closing(self.now, _USUAL_DAYS)
            return usual.astimezone(ZoneInfo(self.hours.zone)).date()
        return None

    def clean_day(self) -> datetime:
        """The instant that is meant."""
        day: date = self.cleaned_data["day"]
        try:
            closes = self.hours.closing_on(day)
        except CommitmentError as no:
            raise ValidationError(str(no)) from no
        if closes is None:
            raise ValidationError("The team is closed on that day. Choose a working day.")
        if closes <= self.now:
            raise ValidationError("That day is over for the team. Choose a later one.")
        return closes


@reader
def show(request: StaffRequest, pk: int) -> HttpResponse:
    review, now = held_for(request.user, pk), timezone.now()
    if request.method != "POST":
        return _page(request, review, DecisionForm(review=review, now=now), now=now)
    form = DecisionForm(request.POST, review=review, now=now)
    if form.is_valid():
        try:
            act = partial(_decide, review, form, user=request.user, now=now)
            answer = once.only_once(form, user=request.user, now=now, act=act)
        except CommitmentError as no:
            places = {"due_at": "day", "owner": "owner"}
            form.add_error(places.get(no.field or ""), str(no))
        else:
            messages.success(request, answer.said)
            return redirect(answer.location)
    return _page(request, review, form, now=now, status=422)


def _decide(review: Review, form: DecisionForm, *, user: User, now: datetime) -> Answer:
    said = form.cleaned_data
    made = services.decide(
        review.pk,
        wording=saying.sentence_case(said["wording"]),
        owner_id=said["owner"].pk,
        due_at=said["day"],
        by=user,
        now=now,
    )
    due = saying.say_time(made.due_at, zone=user.zone, now=now)
    whose = "you" if said["owner"] == user else said["owner"].first_name
    return Answer(
        location=reverse("web:review", args=[review.pk]),
        said=f"Decided: {whose} will see to it by {due}.",
    )


def _page(
    request: StaffRequest, review: Review, form: DecisionForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    context = {"form": form, "review": review}
    return doors.page(request, "reviews/decide.html", context, now=now, status=status)
