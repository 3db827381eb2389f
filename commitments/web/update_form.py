"""A word to the customer or the team; with a new time, where one is given."""

from __future__ import annotations

from datetime import datetime

from django import forms

from commitments import services
from commitments.messages.customer import Template
from commitments.models import Commitment
from commitments.services import Told

from . import fields
from .fields import lines
from .move_forms import TimedForm


class UpdateForm(TimedForm):
    """A new time is told with the words: then the promise moves, and they are its reason."""

    verb = "update"
    mail = Template.PROGRESS
    writes_to_customer = True
    words_in = "words"
    marks_optional = False
    fields_of = {"due_at": "when", "due_said": "when", "reason": "words"}
    title = "Update {first}"
    button = "Send update"
    seen = forms.ChoiceField(
        label="Who will see this update?",
        widget=forms.RadioSelect,
        initial="customer",
    )
    words = lines("Update", what="The update")
    when = fields.Words(
        label="New time",
        what="The time",
        limit=200,
        required=False,
        help_text="Only if it changes. Such as fri 10am or in 2 hours.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def prepare(self) -> None:
        whole = self.say("{first} and the team")
        fields.offer(self, "seen", [("customer", whole), ("team", "Team only")])

    def clean(self) -> None:
        super().clean()
        if self.due is not None and (no := self._not_with_a_time()):
            self.add_error("when", no)

    def _not_with_a_time(self) -> str:
        """A new time is agreed with the customer, and so never set behind their back."""
        if self.cleaned_data.get("seen") == "team":
            return self.say("{first} would not hear of the new time. Choose {first} and the team.")
        if self.obstacle:
            return f"{self.obstacle} Then move the time, and say how they learned of it."
        return ""

    def act(self) -> Commitment:
        if self.due is not None:
            return self._move(self.due.at)
        return services.update(
            self.commitment.pk,
            by=self.user,
            words=self.cleaned_data["words"],
            tell_customer=self.cleaned_data["seen"] == "customer",
            now=self.now,
        )

    def _move(self, due_at: datetime) -> Commitment:
        return services.move(
            self.commitment.pk,
            by=self.user,
            due_at=due_at,
            reason=self.cleaned_data["words"],
            told=Told.MESSAGE,
            due_said=self.due.said if self.due else "",
            due_steps=self.due.steps if self.due else (),
            window_start=self.due.begins_at if self.due else None,
            now=self.now,
        )

    def silence(self) -> str:
        return self.say("A note for the team: nothing goes to {first}.")

    def said(self, commitment: Commitment) -> str:
        if self.cleaned_data["seen"] == "team":
            return "Noted, for the team only."
        if self.due is not None:
            return f"Moved to {self.due_in_words(commitment)}. {self.hears()}"
        return f"Update saved. {self.hears()}"
