"""The two verbs that end a promise, done and closed without having kept it, and why it was late.

Where a promised time has passed, both ask for the cause as well: `rules.causes`.
"""

from __future__ import annotations

from datetime import datetime

from django import forms

from commitments import services
from commitments.models import Commitment
from commitments.rules import lifecycle

from . import cause_field, fields
from .fields import lines
from .verb_forms import VerbForm


class DoneForm(VerbForm):
    verb = "fulfil"
    writes_to_customer = True
    title = "Mark it done"
    button = "Done"
    intro = "The system works out whether it was on time."
    how = lines("How did it end?", what="How it ended", rows=2, help_text="{first} will read this.")
    evidence = fields.Words(
        label="Evidence",
        what="The evidence",
        limit=500,
        required=False,
        help_text="Its number, or a link to it.",
    )
    cause = cause_field.as_list()

    def prepare(self) -> None:
        self.initial.setdefault("how", self.commitment.wording)
        cause_field.fit(self, is_asked=self.commitment.was_broken(self.now))
        if self.commitment.kind.needs_evidence and not self.commitment.evidence:
            self.fields["evidence"].required = True
            name = self.commitment.kind.name.lower()
            self.fields["evidence"].error_messages["required"] = (
                f"A {name} needs evidence: give its number or a link."
            )
        else:
            del self.fields["evidence"]

    def act(self) -> Commitment:
        return services.fulfil(
            self.commitment.pk,
            by=self.user,
            how=self.cleaned_data["how"],
            evidence=self.cleaned_data.get("evidence", ""),
            cause=self.cleaned_data.get("cause", ""),
            now=self.now,
        )

    def said(self, commitment: Commitment) -> str:
        return f"Done: {commitment.wording}. {self.hears()}"


_NOT_ASKED = "Not needed for what was logged by mistake."
_ASKED = "Only if we cannot keep it."
_ENDINGS = [
    ("release", "No longer wanted: it counts neither for nor against us"),
    ("abandon", "We cannot keep it: {first} is told why, and it counts as not kept"),
    ("void", "Logged by mistake: it is counted nowhere"),
]


class CloseForm(VerbForm):
    verb = "release"
    writes_to_customer = True
    words_in = "reason"
    title = "Close without keeping it"
    button = "Close this promise"
    is_serious = True
    how = forms.ChoiceField(
        label="Why does it close?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it closes."},
    )
    reason = lines(
        "The reason",
        what="The reason",
        help_text="{first} reads it only if we cannot keep it.",
        error_messages={"required": "Give the reason, in a sentence."},
    )
    offer = lines(
        "What do we offer instead?",
        what="The offer",
        rows=2,
        required=False,
        help_text="Only if we cannot keep it.",
    )
    cause = cause_field.as_list()

    def prepare(self) -> None:
        fields.offer(self, "how", [(how, self.say(words)) for how, words in _ENDINGS])
        late = self.commitment.was_broken(self.now)
        self.fields["cause"].required = False
        self.fields["cause"].help_text = f"Team only. {_NOT_ASKED if late else _ASKED}"
        cause_field.fit(self, is_asked=True)

    def clean(self) -> None:
        field = self.fields.get("cause")
        if field is not None and self._needs_cause() and not self.cleaned_data.get("cause"):
            self.add_error("cause", field.error_messages["required"])

    def _needs_cause(self) -> bool:
        """What we cannot keep is explained, and what ends late, unless it was never owed."""
        late = self.commitment.was_broken(self.now)
        how = self.cleaned_data.get("how")
        return how == "abandon" or (how == "release" and late)

    def act(self) -> Commitment:
        pk, user, now = self.commitment.pk, self.user, self.now
        reason = self.cleaned_data["reason"]
        cause = self.cleaned_data.get("cause", "")
        match self.cleaned_data["how"]:
            case "release":
                return services.release(pk, by=user, reason=reason, cause=cause, now=now)
            case "void":
                return services.void(pk, by=user, reason=reason, now=now)
            case _:
                offer = self.cleaned_data["offer"]
                return services.abandon(
                    pk, by=user, reason=reason, offer=offer, cause=cause, now=now
                )

    def silence(self) -> str:
        return self.say("Nothing is sent about it: {first} hears only of what we cannot keep.")

    def said(self, commitment: Commitment) -> str:
        if self.cleaned_data["how"] == "abandon":
            return f"Closed as one we cannot keep. {self.hears()}"
        return "Closed. Nothing is sent about it."


class CauseForm(VerbForm):
    """For what nobody could be asked about when it ended, or to choose another cause."""

    verb = "name_cause"
    title = "Why was it not in time?"
    button = "Save the cause"
    intro = "For the team to learn from. {first} never sees it."
    cause = cause_field.as_buttons("One answer.")

    @classmethod
    def check_makes_sense(cls, commitment: Commitment, *, now: datetime) -> None:
        super().check_makes_sense(commitment, now=now)
        lifecycle.check_may_name_cause(is_broken=commitment.was_broken(now))

    def prepare(self) -> None:
        self.initial.setdefault("cause", self.commitment.cause)

    def act(self) -> Commitment:
        return services.name_cause(
            self.commitment.pk, by=self.user, cause=self.cleaned_data["cause"], now=self.now
        )

    def said(self, commitment: Commitment) -> str:
        return "The cause is noted, for the team only."
