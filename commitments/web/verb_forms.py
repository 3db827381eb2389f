"""One form per thing that can be done with a promise. A form asks; `services` decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, Q, QuerySet

from commitments import services
from commitments.messages import customer as customer_messages
from commitments.messages.customer import Template
from commitments.models import Commitment, User
from commitments.models.people import KEEPING
from commitments.rules import lifecycle, saying
from commitments.rules.lifecycle import Status
from commitments.services import Told

from . import fields, texts, undo
from .fields import lines


class VerbForm(fields.SpokenForm):
    """The base: a title, a button, what it asks, and the verb that it calls.

    `{first}` in a text is the customer's first name. `fields_of` maps the verb's parameters to the
    form's fields, for putting a refusal where it belongs.
    """

    title: ClassVar[str]
    button: ClassVar[str]
    intro: ClassVar[str] = ""
    is_serious: ClassVar[bool] = False
    fields_of: ClassVar[Mapping[str, str]] = {}
    beside: ClassVar[str] = ""  # a template with what is good to know before
    page: ClassVar[str] = "verb.html"  # on which it stands alone
    verb: ClassVar[str]  # as `lifecycle` calls it; of several, any
    writes_to_customer: ClassVar[bool] = False  # then the message is shown before it is sent
    leaves_trace: ClassVar[bool] = True  # in the history; else there is nothing to take back
    words_in: ClassVar[str] = ""  # the field that a text to start from is filled into

    mail: ClassVar[Template] = Template.DONE  # what would go to the customer

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    back = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        commitment: Commitment,
        user: User,
        now: datetime,
        initial: Mapping[str, Any] | None = None,  # Any: likewise
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        self.commitment, self.user, self.now = commitment, user, now
        for field in self.fields.values():
            field.label = self.say(str(field.label or ""))
            field.help_text = self.say(str(field.help_text))
        self._offer_texts()
        self.prepare()

    @classmethod
    def check_makes_sense(cls, commitment: Commitment, *, now: datetime) -> None:
        """Raises CommitmentError where it cannot be done now, whatever is written in the form."""
        lifecycle.check_makes_sense(
            cls.verb, status=commitment.status, due_at=commitment.due_at, now=now
        )

    def prepare(self) -> None:
        """Fit the fields to this promise."""

    def _offer_texts(self) -> None:
        self.texts = texts.texts_for(self.verb, self.commitment, now=self.now)
        if not self.words_in or not self.texts:
            return
        offered = forms.ChoiceField(
            label="Start from a text",
            help_text=self._language_hint(),
            choices=[*texts.choices(self.texts)],
            required=False,
            widget=texts.TextChoice,
        )
        self.fields = {
            known: field
            for name, each in self.fields.items()
            for known, field in ([("text", offered)] if name == self.words_in else [])
            + [(name, each)]
        }

    def _language_hint(self) -> str:
        language = texts.language_said(self.commitment)
        return self.say(f"It is filled in in {language}, as {{first}} reads.") if language else ""

    def with_text(self, key: str) -> dict[str, str]:
        """What fills in the text that was chosen; nothing where there is no such text."""
        chosen = next((text for text in self.texts if text.key == key), None)
        if chosen is None:
            return {}
        return {self.words_in: texts.filled(chosen, self.commitment, now=self.now)}

    def say(self, text: str) -> str:
        return text.replace("{first}", self.commitment.customer.first_name)

    @property
    def page_title(self) -> str:
        return self.say(self.title)

    @property
    def button_label(self) -> str:
        return self.say(self.button)

    @property
    def introduction(self) -> str:
        return self.say(self.intro)

    @property
    def obstacle(self) -> str:
        """Why the customer cannot be written to, or nothing."""
        customer = self.commitment.customer
        found = customer_messages.unreachable(customer, self.mail, now=self.now)
        return found.reason if found else ""

    def act(self) -> Commitment:
        """Do it; raises CommitmentError where a rule says no."""
        raise NotImplementedError

    def said(self, commitment: Commitment) -> str:
        """What is said once it is done."""
        raise NotImplementedError

    def silence(self) -> str:
        """Why nothing goes to the customer, where this form sends nothing."""
        return self.say("Nothing goes to {first}.")

    def leads_to(self, commitment: Commitment) -> str:
        """The page to go on with, where that is another than the one they came from."""
        return ""

    def hears(self) -> str:
        """When the customer hears of it, for the end of what is said."""
        told = f"{{first}} is told in {undo.wait_in_words()}."
        return self.obstacle or self.say(told)


class WaitForm(VerbForm):
    verb = "wait"
    mail = Template.NEED
    writes_to_customer = True
    words_in = "what"
    title = "Waiting on {first}"
    button = "Ask {first}"
    intro = "Reminders rest until {first} answers. The time we wait is added to the promised time."
    what = lines(
        "What is the one thing we need from {first}?",
        what="What you need",
        limit=500,
        rows=2,
        help_text="{first} will read this, with how to send it.",
    )

    def act(self) -> Commitment:
        return services.wait(
            self.commitment.pk, by=self.user, what=self.cleaned_data["what"], now=self.now
        )

    def said(self, commitment: Commitment) -> str:
        return f"Waiting on {commitment.customer.first_name}. {self.hears()}"


class ResumeForm(VerbForm):
    verb = "resume"
    title = "Go on with it"
    button = "Go on"
    intro = "{first} has answered. The promised time moves out by the working time we waited."
    note = lines(
        "What did {first} send or say?",
        what="The note",
        rows=2,
        required=False,
        help_text="Team only.",
    )

    def act(self) -> Commitment:
        return services.resume(
            self.commitment.pk, by=self.user, note=self.cleaned_data["note"], now=self.now
        )

    def said(self, commitment: Commitment) -> str:
        due = saying.say_time(commitment.due_at, zone=self.user.zone, now=self.now)
        return f"Open again, due {due}."


class HandOverForm(VerbForm):
    verb = "reassign"
    title = "Hand it over"
    button = "Hand over"
    intro = "The promised time stays. {first} is not told; your colleague is."
    fields_of = {"owner_id": "owner"}
    owner = fields.ColleagueField(
        User.objects.none(),
        label="To whom?",
        empty_label="Choose a colleague",
        error_messages={
            "required": "Choose a colleague.",
            "invalid_choice": "Choose somebody of this team.",
        },
    )
    note = lines(
        "What should they know?", what="The note", rows=2, required=False, help_text="Team only."
    )

    def prepare(self) -> None:
        others = acting_in(self.commitment.team_id).exclude(pk=self.commitment.owner_id or 0)
        fields.offer_rows(self, "owner", others)

    def act(self) -> Commitment:
        return services.reassign(
            self.commitment.pk,
            by=self.user,
            owner_id=self.cleaned_data["owner"].pk,
            note=self.cleaned_data["note"],
            now=self.now,
        )

    def said(self, commitment: Commitment) -> str:
        return f"Handed to {commitment.owner}."


class AcknowledgeForm(VerbForm):
    verb = "acknowledge"
    title = "I have it"
    button = "I have it"
    intro = "Nobody else is asked for a while. Then you are asked again."

    def act(self) -> Commitment:
        return services.acknowledge(self.commitment.pk, by=self.user, now=self.now)

    def said(self, commitment: Commitment) -> str:
        return "You have it. Nobody else is asked for now."


class HelpForm(VerbForm):
    verb = "help"
    writes_to_customer = True
    title = "Ask for a hand"
    button = "Ask the team lead"
    fields_of = {"tell_customer": "line"}
    reason = lines(
        "What do you need?",
        what="What you need",
        rows=2,
        help_text="Your team lead reads this now, or whoever can be asked in their place.",
        error_messages={"required": "Say in a sentence what you need."},
    )
    line = lines(
        "A line to {first}",
        what="The line",
        rows=2,
        required=False,
        help_text="Sent to {first} if you write one.",
    )

    def act(self) -> Commitment:
        return services.help(
            self.commitment.pk,
            by=self.user,
            reason=self.cleaned_data["reason"],
            tell_customer=self.cleaned_data["line"],
            now=self.now,
        )

    def silence(self) -> str:
        return self.say("Nothing goes to {first}, unless you write them a line.")

    def said(self, commitment: Commitment) -> str:
        return (
            f"Your lead has been asked. {self.hears() if self.cleaned_data['line'] else ''}".strip()
        )


def acting_in(team_id: int) -> QuerySet[User]:
    """Those who can keep a promise of this team, with how much they have on their hands."""
    here = Q(memberships__team=team_id, memberships__role__in=KEEPING)
    live = Q(commitments__status__in=[Status.OPEN, Status.WAITING])
    people = User.objects.filter(here, is_active=True)
    return people.annotate(load=Count("commitments", filter=live, distinct=True)).order_by("name")


def choice_of_told(commitment: Commitment, *, can_write: bool) -> list[tuple[str, str]]:
    """How the customer learns of a new time; writing is offered where it can arrive."""
    first = commitment.customer.first_name
    written = [(Told.MESSAGE.value, f"Write to {first} now")] if can_write else []
    return [
        *written,
        (Told.PHONE.value, f"I have told {first} by phone"),
        (Told.NO.value, f"{first} does not know yet"),
    ]
