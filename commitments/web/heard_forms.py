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
_HIDE = ("hide", "None: only this promise is taken off the page, until it is put back")
_SHOW = ("show", "None: this promise is put back on the page")


class RenewLinkForm(VerbForm):
    """The old link stops working; nobody is written to."""

    verb = "renew"
    leaves_trace = False  # an old link does not come back
    is_serious = True
    title = "The link of {first}"
    button = "Change it"
    intro = (
        "For a link that has come into the wrong hands. The links in mails that {first} has stop"
        " working at once, and show how to reach us. The next mail brings a new one; until then you"
        " find it on the page of the promise, to be passed on."
    )
    which = forms.ChoiceField(
        label="Which links stop working?",
        widget=forms.RadioSelect,
        initial="page",
        error_messages={"required": "Choose which links stop working."},
    )

    def prepare(self) -> None:
        one = _HIDE if self.commitment.hidden_at is None else _SHOW
        fields.offer(self, "which", [(which, self.say(words)) for which, words in (*_WHICH, one)])

    def act(self) -> Commitment:
        pk, which = self.commitment.pk, self.cleaned_data["which"]
        match which:
            case "hide":
                return services.hide_from_page(pk, by=self.user, now=self.now)
            case "show":
                return services.show_on_page(pk, by=self.user, now=self.now)
            case _:
                all_pages = which == "all"
                return services.renew_link(pk, by=self.user, all_pages=all_pages, now=self.now)

    def said(self, commitment: Commitment) -> str:
        first = commitment.customer.first_name
        match self.cleaned_data["which"]:
            case "hide":
                return f"Taken off {first}'s page. Mails about it still go out."
            case "show":
                return f"{first}'s page shows it again."
            case _:
                return f"{first} has a new link. The old one opens nothing."
