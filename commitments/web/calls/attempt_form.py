"""A call to a customer is logged: what came of it, and where that leads."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from commitments import services
from commitments.messages import customer as customer_messages
from commitments.models import CallAttempt, Commitment
from commitments.rules import calling, saying
from commitments.rules.calling import Call
from commitments.web import fields
from commitments.web.fields import lines
from commitments.web.verb_forms import VerbForm

REACHED_DONE: Final = "reached_done"
REACHED_MORE: Final = "reached_more"
CHOICES: Final = (
    (REACHED_DONE, "Reached {first}, and it is done"),
    (REACHED_MORE, "Reached {first}, there is more to do"),
    (Call.NO_ANSWER.value, "No answer"),
    (Call.VOICEMAIL.value, "Left a message"),
    (Call.BUSY.value, "Busy"),
    (Call.WRONG_NUMBER.value, "Wrong number"),
)
AFTER: Final = "call"  # in the address of a form that is filled in from the call before it

_LEADS_TO: Final = {REACHED_DONE: "done", REACHED_MORE: "update"}
_SAID: Final = {
    Call.NO_ANSWER: "No answer, {at}.",
    Call.VOICEMAIL: "Message left, {at}.",
    Call.BUSY: "The line was busy, {at}.",
    Call.WRONG_NUMBER: "Wrong number. It does not count as a try: look for the right one.",
}


class AttemptForm(VerbForm):
    verb = "attempt"
    title = "Log a call to {first}"
    button = "Log the call"
    beside = "commitments/web/calls/number.html"
    came_of_it = forms.ChoiceField(
        label="What came of it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of the call."},
    )
    note = lines("Note", what="The note", limit=500, rows=2, required=False, help_text="Team only.")

    def prepare(self) -> None:
        choices = [(value, self.say(words)) for value, words in CHOICES]
        fields.offer(self, "came_of_it", choices)

    @property
    def number(self) -> str:
        """As a `tel:` link has it; "" where there is none that can be dialled."""
        return calling.dialled(self.commitment.customer.phone)

    @property
    def tries(self) -> list[CallAttempt]:
        """The latest calls, newest first."""
        return list(self.commitment.call_attempts.order_by("-at", "-pk")[:5])

    def act(self) -> Commitment:
        chosen = self.cleaned_data["came_of_it"]
        return services.attempt(
            self.commitment.pk,
            by=self.user,
            came_of_it=Call.REACHED.value if chosen in _LEADS_TO else chosen,
            note=self.cleaned_data["note"],
            now=self.now,
        )

    def leads_to(self, commitment: Commitment) -> str:
        """After a call in which they were reached, its end or the next word is written down."""
        verb = _LEADS_TO.get(self.cleaned_data["came_of_it"])
        if verb is None:
            return ""
        asked = {"after": AFTER, "back": self.cleaned_data["back"]}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('web:verb', args=[commitment.reference, verb])}?{query}"

    def said(self, commitment: Commitment) -> str:
        chosen = self.cleaned_data["came_of_it"]
        if chosen in _LEADS_TO:
            return f"Logged: you reached {commitment.customer.first_name}."
        at = saying.say_time_inside(self.now, zone=self.user.zone, now=self.now)
        sentence = _SAID[Call(chosen)].replace("{at}", at)
        return f"{sentence} {self._how_it_stands(commitment)}".strip()

    def _how_it_stands(self, commitment: Commitment) -> str:
        if not commitment.is_callback or self.cleaned_data["came_of_it"] == Call.WRONG_NUMBER:
            return ""
        if commitment.attempted_at is not None:
            return "It counts as attempted now. Please go on trying, or agree a new time."
        made = len(calling.counted(commitment.tries(), commitment.window))
        if not made:
            return "It lay outside the window that was promised."
        if made == 1:
            return "That is the first try in the window."
        first = commitment.customer.first_name
        tries = saying.sentence_case(saying.say_count(made, "try", "tries"))
        return f"{tries} in the window: write to {first} as well, and it counts as attempted."


def filled_in(verb: str, commitment: Commitment, *, now: datetime) -> dict[str, str]:
    """What a form that follows a call begins with, as the customer may read it."""
    last = commitment.call_attempts.order_by("-at", "-pk").first()
    if last is None:
        return {}
    with translation.override(customer_messages.language_of(commitment.customer)):
        at = customer_messages.say(last.at, commitment, now=now)
        if verb == "done":
            return {"how": gettext("We spoke on the phone on %(at)s.") % {"at": at}}
        if last.outcome == Call.REACHED:
            thanks = gettext("Thank you for your time on the phone on %(at)s.") % {"at": at}
            return {"words": f"{thanks} "}
        return {"words": f"{_not_reached(at)} {_what_now(commitment, now=now)}"}


def _not_reached(at: str) -> str:
    return gettext("I tried to call you on %(at)s and did not reach you.") % {"at": at}


def _what_now(commitment: Commitment, *, now: datetime) -> str:
    if commitment.due_at <= now:
        return gettext("Please tell me when it suits you.")
    due = customer_messages.say(commitment.due_at, commitment, now=now)
    return gettext("I will try again by %(due)s.") % {"due": due}
