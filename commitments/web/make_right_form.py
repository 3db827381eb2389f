"""A promised time has passed, on one screen: what happened, why, the new time, and amends.

Two times may be read here, the new one of this promise and the one by which something makes up for
it. Each is shown before it is set, and a choice that was made about one of them travels in the form
while the other is settled.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from commitments import services
from commitments.errors import CommitmentError
from commitments.messages.customer import Template
from commitments.models import Commitment, Kind, User
from commitments.reading import deadlines
from commitments.rules import saying
from commitments.services import Told
from commitments.understanding import dues, kinds
from commitments.understanding.dues import Due

from . import cause_field, fields, value_fields
from .fields import lines
from .move_forms import TimedForm
from .verb_forms import acting_in, choice_of_told

_OF_THE_REMEDY = {"remedy", "remedy_kind", "remedy_when", "remedy_shown", "shown", "read_at"}
_BY_WHEN = "By when? Give a time such as 4pm or fri 10am."


class MakeRightForm(TimedForm):
    verb = "make_right"
    page = "make_right.html"
    mail = Template.SLIP
    writes_to_customer = True
    words_in = "reason"
    title = "Make it right with {first}"
    button = "Tell {first} and set the new time"
    fields_of = TimedForm.fields_of | {
        "remedy_wording": "remedy",
        "remedy_owner": "remedy_owner",
        "remedy_due_at": "remedy_when",
    }
    remedy_due: Due | None = None

    reason = lines(
        "What happened?",
        what="What happened",
        rows=4,
        help_text="In plain words. The message already says sorry, and names both times.",
        error_messages={"required": "Say in a sentence or two what happened."},
    )
    when = fields.Words(
        label="New time",
        what="The time",
        limit=200,
        help_text="For example fri 10am, in 2 hours, between 2 and 4pm tomorrow.",
        error_messages={"required": "Enter the new time."},
    )
    told = forms.ChoiceField(label="How does {first} learn of it?", widget=forms.RadioSelect)
    cause = cause_field.as_buttons("One answer. {first} never sees it.")
    remedy = fields.Words(
        label="What do we do to make up for it?",
        what="What makes up for it",
        limit=500,
        required=False,
        help_text="In words that {first} can read, such as: Take the fee off the next bill.",
    )
    remedy_kind = forms.ModelChoiceField(
        Kind.objects.none(), label="Kind", required=False, empty_label="By its words"
    )
    remedy_owner = fields.ColleagueField(
        User.objects.none(),
        label="Who sees to it?",
        required=False,
        empty_label="Choose a colleague",
    )
    remedy_when = fields.Words(
        label="By when?",
        what="The time",
        limit=200,
        required=False,
        help_text="Left empty: the usual time of its kind.",
    )
    remedy_value = value_fields.amount()
    remedy_currency = value_fields.Currency()
    remedy_value_reason = value_fields.reason()
    missed_at = fields.Instant(widget=forms.HiddenInput)
    remedy_shown = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        choices = choice_of_told(self.commitment, can_write=not self.obstacle)
        fields.offer(self, "told", choices)
        fields.offer_rows(self, "remedy_kind", Kind.objects.for_customers())
        fields.offer_rows(self, "remedy_owner", acting_in(self.commitment.team_id))
        self.initial.setdefault("told", choices[0][0])
        self.initial.setdefault("cause", self.commitment.cause)
        self.initial.setdefault("missed_at", self.commitment.due_at.isoformat())
        self.initial.setdefault("remedy_owner", self.commitment.owner_id or self.user.pk)

    @property
    def missed(self) -> str:
        """`Promised for today at 12:50 pm, 1 h 20 min ago`."""
        due = saying.say_time_inside(self.commitment.due_at, zone=self.user.zone, now=self.now)
        return f"Promised for {due}, {saying.say_ago(self.commitment.due_at, now=self.now)}"

    @property
    def silence_so_far(self) -> str:
        first, told_at = self.commitment.customer.first_name, self.commitment.told_at
        if told_at is None:
            return f"{first} has not heard from us about it."
        said = saying.say_time_inside(told_at, zone=self.user.zone, now=self.now)
        return f"{first} last heard from us {said}."

    @property
    def is_making_up(self) -> bool:
        """Whether the part about amends is to stand open."""
        names = [name for name in self.fields if name.startswith("remedy")]
        return bool(self["remedy"].value()) or any(name in self.errors for name in names)

    @property
    def say_first(self) -> str:
        return self.commitment.customer.first_name

    def clean(self) -> None:
        self._check_amends_are_whole()
        super().clean()
        if not self.cleaned_data.get("remedy") or self.errors.keys() & _OF_THE_REMEDY:
            return
        try:
            self._read_remedy(self.cleaned_data["remedy_when"])
        except CommitmentError as no:
            self.add_error("remedy_when", str(no))

    def _check_amends_are_whole(self) -> None:
        given = self.cleaned_data
        has_words = bool(given.get("remedy")) or "remedy" in self.errors
        has_owner = given.get("remedy_owner") is not None or "remedy_owner" in self.errors
        if given.get("remedy_when") and not has_words:
            self.add_error("remedy", "Say what we do to make up for it, or leave its time empty.")
        if given.get("remedy_value") is not None and not has_words:
            self.add_error("remedy", "Say what we do to make up for it, or leave its value empty.")
        if given.get("remedy") and not has_owner:
            self.add_error("remedy_owner", "Choose who sees to it.")

    def _read_remedy(self, text: str) -> None:
        """As of when it was shown, if it was; else as of now."""
        shown = self.cleaned_data["remedy_shown"]
        for read_at in dict.fromkeys((self.started_at(), self.now)):
            due = self._remedy_meant(text, read_at=read_at)
            if due.key == shown:
                break
        self.remedy_due = due
        is_chosen = not due.next_open or self.is_remedy_agreed
        self.is_confirmed = self.is_confirmed and shown == due.key and is_chosen
        self.write({"remedy_shown": due.key})

    def _remedy_meant(self, text: str, *, read_at: datetime) -> Due:
        kind, hours = self.kind_meant, self.commitment.team.calendar.hours()
        zone, now = self.user.zone, self.now
        taken = self._taken_for_remedy(text)
        if taken is not None:
            return dues.as_due(taken, said=text, now=now, zone=zone, hours=hours)
        if not text:
            return self.usual_due(kind, hours=hours, zone=zone, read_at=read_at)
        if deadlines.is_vague(text):
            raise CommitmentError(_BY_WHEN, field="remedy_when")
        return dues.read_due(
            text, read_at=read_at, now=now, zone=zone, hours=hours, closes=kind.usual_hour
        )

    def _taken_for_remedy(self, text: str) -> datetime | None:
        """The time that was offered for these very words, where its button was pressed."""
        said, _, words = self.data.get("remedy_take", "")[:300].partition("|")
        if words != text or not said:
            return None
        try:
            at: datetime = fields.Instant().clean(said)
        except ValidationError:
            return None
        return at

    @cached_property
    def kind_meant(self) -> Kind:
        """The kind that was chosen, or the one that its words speak of."""
        chosen: Kind | None = self.cleaned_data.get("remedy_kind")
        if chosen is not None:
            return chosen
        known = list(Kind.objects.for_customers())
        guess = kinds.guessed(self.cleaned_data["remedy"], known)
        return guess or kinds.other(known) or self.commitment.kind

    @property
    def remedy_kind_said(self) -> str:
        guess = "" if self.cleaned_data.get("remedy_kind") else " (guess)"
        return f"{self.kind_meant}{guess}"

    @property
    def is_remedy_agreed(self) -> bool:
        """Whether somebody chose that very time, though it lies outside the hours."""
        due = self.remedy_due
        return due is not None and self.data.get("remedy_anyway") == due.key

    @property
    def shows_remedy(self) -> bool:
        return self.remedy_due is not None and self.asks_to_confirm

    @property
    def asks_which_time(self) -> bool:
        due = self.remedy_due
        about_amends = due is not None and due.next_open is not None and not self.is_remedy_agreed
        return super().asks_which_time or about_amends

    @property
    def choices_made(self) -> Iterator[tuple[str, str]]:
        """What was chosen about either time: sent along again with whatever comes next."""
        for name, due in (("anyway", self.due), ("remedy_anyway", self.remedy_due)):
            if due is not None and self.data.get(name) == due.key:
                yield name, due.key
        if self.remedy_due is not None and self._taken_for_remedy(self.remedy_due.said):
            yield "remedy_take", self.data["remedy_take"]

    def act(self) -> Commitment:
        cleaned = self.cleaned_data
        return services.make_right(
            self.commitment.pk,
            by=self.user,
            missed_at=cleaned["missed_at"],
            happened=cleaned["reason"],
            cause=cleaned["cause"],
            new=_new_time(self.due, now=self.now),
            told=Told(cleaned["told"]),
            remedy=self._remedy(),
            now=self.now,
        )

    def _remedy(self) -> services.Remedy | None:
        due = self.remedy_due
        if due is None:
            return None
        owner: User | None = self.cleaned_data["remedy_owner"]
        return services.Remedy(
            wording=saying.sentence_case(self.cleaned_data["remedy"]),
            kind_id=self.kind_meant.pk,
            owner_id=owner.pk if owner else None,
            due_at=due.at,
            due_said=due.said,
            due_steps=due.steps,
            window_start=due.begins_at,
            **self._worth(),
        )

    @property
    def usual_value(self) -> value_fields.Hint | None:
        """What is usually given for what makes up for it, and for the cause that was chosen."""
        if self.remedy_due is None or not self.kind_meant.has_value:
            return None
        team_id, said = self.commitment.team_id, self.cleaned_data.get("remedy_currency", "")
        return value_fields.hint(
            team_id=team_id,
            kind_id=self.kind_meant.pk,
            kind=self.kind_meant.name,
            currency=value_fields.currency_for(said, team_id=team_id),
            cause=self.cleaned_data.get("cause", ""),
            now=self.now,
        )

    def _worth(self) -> dict[str, Any]:  # Any: fields of a remedy
        cleaned = self.cleaned_data
        if cleaned["remedy_value"] is None:
            return {}
        team_id, currency = self.commitment.team_id, cleaned["remedy_currency"]
        return {
            "value": cleaned["remedy_value"],
            "currency": value_fields.currency_for(currency, team_id=team_id),
            "value_reason": cleaned["remedy_value_reason"],
        }

    def silence(self) -> str:
        if self.cleaned_data["told"] == Told.PHONE:
            return self.say("You have told {first} by phone, so no message goes out.")
        return self.say("No message goes out: {first} does not know yet, and that stays on record.")

    def said(self, commitment: Commitment) -> str:
        parts = [f"New time: {self.due_in_words(commitment)}."]
        if self.cleaned_data["told"] == Told.MESSAGE:
            parts.append(self.hears())
        if self.remedy_due is not None:
            by = saying.say_time(self.remedy_due.at, zone=self.user.zone, now=self.now)
            parts.append(f"What makes up for it is promised by {by}.")
        return " ".join(parts)


def _new_time(due: Due | None, *, now: datetime) -> services.NewTime:
    if due is None:  # no valid form comes without one
        return services.NewTime(due_at=now)
    return services.NewTime(
        due_at=due.at, said=due.said, steps=due.steps, window_start=due.begins_at
    )
