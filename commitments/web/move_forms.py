"""The two verbs that set a new time in words: move and reopen."""

from __future__ import annotations

from django import forms

from commitments import lengths, services
from commitments.errors import CommitmentError
from commitments.models import Commitment
from commitments.rules import saying
from commitments.services import Told
from commitments.understanding import dues

from . import fields
from .fields import lines
from .reads import Due, Reads
from .verb_forms import VerbForm, choice_of_told


class TimedForm(VerbForm, Reads):
    """A verb with a time: what was read is shown once before it is done."""

    fields_of = {"due_at": "when", "due_said": "when"}
    due: Due | None = None

    def clean(self) -> None:
        text = self.cleaned_data.get("when", "")
        if not text or "shown" in self.errors:
            self.is_confirmed = not self.errors
            return
        try:
            self._read(text)
        except CommitmentError as no:
            self.add_error("when", str(no))

    def _read(self, text: str) -> None:
        commitment = self.commitment
        hours = commitment.team.calendar.hours()
        if self.verb in {"move", "update"}:
            self.in_force = commitment.due_at
        for read_at in dict.fromkeys((self.started_at(), self.now)):
            due = self.due_in(
                text, kind=commitment.kind, hours=hours, zone=self.user.zone, read_at=read_at
            )
            if due.key == self.cleaned_data["shown"]:
                break
        if due.at == self.in_force:
            raise CommitmentError("It is due at that time already. Give another.", field="when")
        self.due = due
        self.show(due.key, read_at=read_at, due=due)

    @property
    def due_read(self) -> Due | None:
        return self.due

    @property
    def asks_to_confirm(self) -> bool:
        """Whether a time was read that nobody has said yes to."""
        return self.due is not None and not self.errors and not self.is_confirmed

    @property
    def asks_which_time(self) -> bool:
        """Whether it lies outside the hours, so that one of two times has to be chosen."""
        return self.asks_to_confirm and self.due is not None and self.due.next_open is not None

    def why(self) -> list[str]:
        """The steps that lead to the time that was read."""
        team = self.commitment.team
        return dues.why_lines(self.due, team=team, now=self.now) if self.due else []

    def hears(self) -> str:
        """About a time that has passed, or is about to, the customer is told at once."""
        left = self.commitment.due_at - self.now
        if self.due is not None and left < lengths.current().skip_undo_within:
            return self.obstacle or self.say("{first} is told now.")
        return super().hears()

    def due_in_words(self, commitment: Commitment) -> str:
        return saying.say_time(commitment.due_at, zone=self.user.zone, now=self.now)


class MoveForm(TimedForm):
    verb = "move"
    writes_to_customer = True
    words_in = "reason"
    title = "Agree a new time with {first}"
    button = "Set the new time"
    field_order = ("when", "text", "reason", "told")
    when = fields.Words(
        label="New time",
        what="The time",
        limit=200,
        help_text="For example fri 10am, in 2 hours, between 2 and 4pm tomorrow.",
        error_messages={"required": "Enter the new time."},
    )
    reason = lines(
        "The reason",
        what="The reason",
        help_text="In words that {first} can read.",
        error_messages={"required": "Give the reason, in words that the customer can read."},
    )
    told = forms.ChoiceField(label="How does {first} learn of it?", widget=forms.RadioSelect)

    def prepare(self) -> None:
        choices = choice_of_told(self.commitment, can_write=not self.obstacle)
        fields.offer(self, "told", choices)
        self.initial.setdefault("told", choices[0][0])
        if self.commitment.is_overdue(self.now):
            self.initial.setdefault("reason", self._apology())

    def _apology(self) -> str:
        """Once the time has passed, the words begin with being sorry; before, they do not."""
        zone = self.commitment.customer.zone or self.commitment.due_zone
        due = saying.say_time(self.commitment.due_at, zone=zone, now=self.now, audience="customer")
        return f"I promised this by {due}, and I have not done it. I am sorry about that. "

    def act(self) -> Commitment:
        return services.move(
            self.commitment.pk,
            by=self.user,
            due_at=self.due.at if self.due else self.now,
            reason=self.cleaned_data["reason"],
            told=Told(self.cleaned_data["told"]),
            due_said=self.due.said if self.due else "",
            due_steps=self.due.steps if self.due else (),
            window_start=self.due.begins_at if self.due else None,
            now=self.now,
        )

    def said(self, commitment: Commitment) -> str:
        moved = f"Moved to {self.due_in_words(commitment)}."
        return f"{moved} {self.hears()}" if self.cleaned_data["told"] == Told.MESSAGE else moved

    def silence(self) -> str:
        if self.cleaned_data["told"] == Told.PHONE:
            return self.say("You have told {first} by phone, so nothing is sent.")
        return self.say("Nothing is sent: {first} does not know yet, and that is kept on record.")


class ReopenForm(TimedForm):
    verb = "reopen"
    title = "Open it again"
    button = "Open again"
    intro = "It is not done after all. The first promised time stays what it was."
    reason = lines(
        "Why?", what="The reason", rows=2, error_messages={"required": "Say in a sentence why."}
    )
    when = fields.Words(
        label="New time",
        what="The time",
        limit=200,
        required=False,
        help_text="Left empty: the time in force, or the usual one if that has passed.",
    )

    def act(self) -> Commitment:
        return services.reopen(
            self.commitment.pk,
            by=self.user,
            reason=self.cleaned_data["reason"],
            due_at=self.due.at if self.due else None,
            due_said=self.due.said if self.due else "",
            due_steps=self.due.steps if self.due else (),
            now=self.now,
        )

    def said(self, commitment: Commitment) -> str:
        return f"Open again, due {self.due_in_words(commitment)}."
