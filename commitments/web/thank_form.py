"""Thank a colleague for a promise that was kept or recovered; shared, or between the two."""

from __future__ import annotations

from datetime import datetime

from django import forms

from commitments import services
from commitments.models import Commitment, User
from commitments.models.people import KEEPING
from commitments.rules import lifecycle

from . import fields
from .fields import lines
from .verb_forms import VerbForm

_SHARED, _PRIVATE = "shared", "private"


class ThankForm(VerbForm):
    verb = "thank"
    title = "Thank a colleague"
    button = "Say thank you"
    intro = "{first} never sees it, and nobody counts it."
    leaves_trace = False  # it is read at once, so it is not taken back
    fields_of = {"owner": "whom"}
    whom = forms.ModelChoiceField(
        User.objects.none(),
        label="Whom?",
        empty_label="Choose a colleague",
        error_messages={
            "required": "Choose a colleague.",
            "invalid_choice": "Choose somebody of this team.",
        },
    )
    note = lines(
        "Your thanks",
        what="Your thanks",
        limit=1000,
        help_text="What they did, and what it meant to you or the customer.",
        error_messages={"required": "Write a sentence: what did they do?"},
    )
    seen_by = forms.ChoiceField(
        label="Who reads it?",
        widget=forms.RadioSelect,
        choices=[
            (_SHARED, "The team: it stands on the promise's history"),
            (_PRIVATE, "Only the two of you"),
        ],
        error_messages={"required": "Choose who reads it."},
    )

    @classmethod
    def check_makes_sense(cls, commitment: Commitment, *, now: datetime) -> None:
        super().check_makes_sense(commitment, now=now)
        lifecycle.check_may_thank(status=commitment.status, is_recovered=commitment.was_recovered)

    def prepare(self) -> None:
        colleagues = User.objects.filter(
            memberships__team=self.commitment.team_id,
            memberships__role__in=KEEPING,
            is_active=True,
        )
        fields.offer_rows(self, "whom", colleagues.exclude(pk=self.user.pk).order_by("name", "pk"))
        if self.commitment.owner_id != self.user.pk:
            self.initial.setdefault("whom", self.commitment.owner_id)
        self.initial.setdefault("seen_by", _SHARED)

    def act(self) -> Commitment:
        return services.thank(
            self.commitment.pk,
            by=self.user,
            owner_id=self.cleaned_data["whom"].pk,
            note=self.cleaned_data["note"],
            shared=self.cleaned_data["seen_by"] == _SHARED,
            now=self.now,
        )

    def said(self, commitment: Commitment) -> str:
        whom = self.cleaned_data["whom"].first_name
        if self.cleaned_data["seen_by"] == _SHARED:
            return f"{whom} is told, and your team can read it here."
        return f"{whom} is told, and nobody else."
