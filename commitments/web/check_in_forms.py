"""The question how it went, asked by hand; and which of two contradicting answers holds."""

from __future__ import annotations

from django import forms

from commitments import checkins
from commitments.messages.customer import Template
from commitments.models import CheckInAnswer, Commitment
from commitments.rules import saying

from . import asked_said, fields
from .verb_forms import VerbForm


class CheckInForm(VerbForm):
    verb = "check_in"
    mail = Template.CHECK_IN
    writes_to_customer = True
    leaves_trace = False  # what has been asked cannot be unasked
    title = "Ask {first} how it went"
    button = "Ask {first}"
    intro = (
        "The one question that would go out by itself some days later: did we do what we said, "
        "and is anything still open? {first} gets it once, with everything we have kept since we"
        " last asked."
    )

    def act(self) -> Commitment:
        return checkins.send_by_hand(self.commitment.pk, by=self.user, now=self.now)

    def said(self, commitment: Commitment) -> str:
        return f"The question is on its way. {self.hears()}"


class ConfirmAnswerForm(VerbForm):
    verb = "confirm_answer"
    leaves_trace = False  # the answer counts from then on, as if it had come alone
    title = "Which answer is right?"
    button = "This one is right"
    intro = (
        "Two answers came within a few minutes, from two browsers, and contradict each other."
        " Programs that open links sometimes send forms. Ask {first}, and note what they say."
    )
    fields_of = {"answer": "answer"}
    answer = forms.ChoiceField(
        label="What does {first} say?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the answer that {first} says is right."},
    )

    def prepare(self) -> None:
        found = checkins.doubted(self.commitment)
        fields.offer(self, "answer", [(str(each.pk), self._said(each)) for each in found])
        required = self.fields["answer"].error_messages["required"]
        self.fields["answer"].error_messages["required"] = self.say(str(required))

    def _said(self, answer: CheckInAnswer) -> str:
        at = saying.say_time(answer.at, zone=self.user.zone, now=self.now)
        words = f" “{answer.words}”" if answer.words else ""
        return f"{asked_said.in_words(answer)}{words} ({at})"

    def act(self) -> Commitment:
        return checkins.confirm(
            self.commitment.pk,
            answer_id=int(self.cleaned_data["answer"]),
            by=self.user,
            now=self.now,
        )

    def said(self, commitment: Commitment) -> str:
        return f"Noted. The answer of {commitment.customer.first_name} counts now."
