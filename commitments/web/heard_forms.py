"""What is done about what a customer said: they get an answer, or a new link to their page."""

from __future__ import annotations

from datetime import datetime

from django import forms

from commitments import services
from commitments.models import Commitment
from commitments.services import Told

from . import fields
from .fields import lines
from .verb_forms import VerbForm, choice_of_told


class AnswerForm(VerbForm):
    """For a customer who asked something, or says that something is off."""

    verb = "answer"
    writes_to_customer = True
    words_in = "words"
    title = "Answer {first}"
    button = "Answer"
    fields_of = {"told": "told"}
    words = lines(
        "Your answer",
        what="The answer",
        help_text="{first} will read this. Say what we have noted, and what happens next.",
        error_messages={"required": "Write the answer, or what was said on the phone."},
    )
    told = forms.ChoiceField(
        label="How does {first} hear it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they hear it."},
    )

    @classmethod
    def check_makes_sense(cls, commitment: Commitment, *, now: datetime) -> None:
        super().check_makes_sense(commitment, now=now)
        services.check_is_awaited(commitment)

    def prepare(self) -> None:
        offered = choice_of_told(self.commitment, can_write=not self.obstacle)
        fields.offer(self, "told", [each for each in offered if each[0] != Told.NO.value])
        if not self.obstacle:
            self.initial.setdefault("told", Told.MESSAGE.value)

    @property
    def introduction(self) -> str:
        if self.commitment.disputed_at is not None:
            return self.say(
                "With your answer it no longer counts as disputed. If the time or the thing itself"
                " was wrong, change it first; {first} sees both on their page."
            )
        return ""

    def act(self) -> Commitment:
        return services.answer(
            self.commitment.pk,
            by=self.user,
            words=self.cleaned_data["words"],
            told=Told(self.cleaned_data["told"]),
            now=self.now,
        )

    def said(self, commitment: Commitment) -> str:
        first = commitment.customer.first_name
        if self.cleaned_data["told"] == Told.PHONE:
            return f"{first} has an answer, on the phone."
        return f"{first} has an answer. {self.hears()}"


_WHICH = [
    ("page", "To this page: the promises of this conversation"),
    ("all", "To all pages of {first}, and to check-ins that were sent"),
]


class RenewLinkForm(VerbForm):
    """The old link stops working; nobody is written to."""

    verb = "renew"
    leaves_trace = False  # an old link does not come back
    is_serious = True
    title = "Give {first} a new link"
    button = "Renew the link"
    intro = (
        "Do this where a link has come into the wrong hands. The links in mails that {first} has"
        " stop working at once, and show how to reach us. The next mail brings the new one; until"
        " then you find it on the page of the promise, to be passed on."
    )
    which = forms.ChoiceField(
        label="Which links stop working?",
        widget=forms.RadioSelect,
        initial="page",
        error_messages={"required": "Choose which links stop working."},
    )

    def prepare(self) -> None:
        fields.offer(self, "which", [(which, self.say(words)) for which, words in _WHICH])

    def act(self) -> Commitment:
        return services.renew_link(
            self.commitment.pk,
            by=self.user,
            all_pages=self.cleaned_data["which"] == "all",
            now=self.now,
        )

    def said(self, commitment: Commitment) -> str:
        return f"{commitment.customer.first_name} has a new link. The old one opens nothing."
