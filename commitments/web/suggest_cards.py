"""A suggested promise as a form of its own: accept it, edit it, or leave it out.

What was said is only where it begins. A time is read as of when it was said; where none was said,
or only "soon", the kind's usual one is offered and somebody has to accept it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django import forms

from commitments.errors import CommitmentError
from commitments.models import Kind
from commitments.reading import deadlines
from commitments.reading.promises import Suggestion
from commitments.reading.wordings import is_ready
from commitments.rules.business_time import Hours
from commitments.understanding import kinds, suggested, why
from commitments.understanding.dues import Due, Offer, as_due
from commitments.understanding.suggested import LONGEST_TIME, LONGEST_WORDING

from . import fields
from .promise_form import TEAM_KEEPS_IT

_KEEP = [("yes", "Accept"), ("no", "Leave out")]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What every card of a conversation shares: what can be chosen, and how times are read."""

    kinds: Sequence[Kind]
    owners: Sequence[tuple[str, str]]
    hours: Hours
    holidays: Mapping[date, str]
    people: Mapping[str, str]  # who acts in the team, by what the choice of an owner calls them
    zone: str
    now: datetime
    read_at: datetime


@dataclass(frozen=True, kw_only=True)
class Said:
    """A sentence in which something seems to be promised: by whom, and when, if that is known."""

    key: str
    number: int
    suggestion: Suggestion
    speaker: str
    at: datetime | None
    owner: str = ""  # who is suggested to keep it


class CardForm(fields.SpokenForm):
    """`key` is where the sentence stands in the paste, so that its card is found again."""

    use_required_attribute = False  # what is left out needs no answers
    keep = forms.ChoiceField(label="Log it?", choices=_KEEP, widget=forms.RadioSelect)
    wording = fields.Words(
        label="What did you promise?",
        what="The promise",
        limit=LONGEST_WORDING,
        error_messages={"required": "What did you promise? Write it in a few words."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "true"}),
    )
    when = fields.Words(
        label="By when?",
        what="The time",
        limit=LONGEST_TIME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label="Kind")
    owner = forms.ChoiceField(label="Who keeps it?", required=False)
    shown = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    taken = fields.Instant(required=False, widget=forms.HiddenInput)
    taken_for = forms.CharField(max_length=LONGEST_TIME, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        said: Said,
        *,
        desk: Desk,
        sent: Mapping[str, Any],  # Any: as Django declares it
    ) -> None:
        self.said, self.desk = said, desk
        self.due: Due | None = None
        self.kind_meant = kinds.suggested(said.suggestion.kind, desk.kinds)
        self.proposal = suggested.proposal(
            said.suggestion, kind=self.kind_meant, moment=self._moment
        )
        self.is_new = f"{said.key}-wording" not in sent
        values = self._as_suggested() if self.is_new else _sent(sent, said.key)
        data = {f"{said.key}-{name}": value for name, value in values.items()}
        super().__init__(data, prefix=said.key, label_suffix="")
        fields.offer(self, "kind", [(str(kind.pk), kind.name) for kind in desk.kinds])
        fields.offer(self, "owner", desk.owners)

    def _as_suggested(self) -> dict[str, str]:
        """Accepted from the start is only what leaves nothing to be asked."""
        proposal = self.proposal
        return {
            "keep": "yes" if proposal.is_clear else "no",
            "wording": proposal.wording,
            "when": self.said.suggestion.deadline_text if proposal.due else "",
            "kind": str(self.kind_meant.pk),
            "owner": self.said.owner,
        }

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        cleaned = self.cleaned_data
        chosen = next(
            (kind for kind in self.desk.kinds if str(kind.pk) == cleaned.get("kind")), None
        )
        self.kind_meant = chosen or self.kind_meant
        if "when" in cleaned:
            try:
                self.due = self._due(cleaned["when"])
            except CommitmentError as no:
                self.add_error("when", str(no))
        self.is_as_shown = not self.is_new and cleaned.get("shown") == self.fingerprint
        if self.due and self.due.next_open and not self.is_as_shown:
            self._write("keep", "no")  # outside working hours somebody has to choose that very time
            cleaned["keep"] = "no"
        self._write("shown", self.fingerprint)
        return cleaned

    def _write(self, name: str, value: str) -> None:
        data = cast("dict[str, str]", self.data)  # built so above
        data[self.add_prefix(name)] = value

    def _due(self, text: str) -> Due:
        desk = self.desk
        said = text or self.said.suggestion.deadline_text[:LONGEST_TIME]
        if self._is_taken(text):
            at = self.cleaned_data["taken"]
            return as_due(at, said=said, now=desk.now, zone=desk.zone, hours=desk.hours)
        if not text:
            return suggested.usual(said, kind=self.kind_meant, moment=self._moment)
        if deadlines.is_vague(text):
            raise CommitmentError(
                f"“{text}” names no time. Give one such as 4pm or fri 10am, or leave it empty.",
                field="when",
            )
        return suggested.read(text, kind=self.kind_meant, moment=self._moment)

    @property
    def _moment(self) -> suggested.Moment:
        desk = self.desk
        read_as_of = self.said.at or desk.read_at
        return suggested.Moment(
            read_as_of=read_as_of, now=desk.now, hours=desk.hours, zone=desk.zone
        )

    @property
    def is_kept(self) -> bool:
        return self.cleaned_data.get("keep") == "yes"

    @property
    def is_usual(self) -> bool:
        return not self.cleaned_data.get("when") and not self._is_taken("")

    def _is_taken(self, text: str) -> bool:
        """Whether a time that was offered for these words was taken."""
        cleaned = self.cleaned_data
        return cleaned.get("taken") is not None and cleaned.get("taken_for") == text

    @property
    def fingerprint(self) -> str:
        """Differs whenever something was read that has not been shown; not by the wording."""
        at, owner = self.due.at if self.due else None, self.cleaned_data.get("owner")
        return hashlib.sha256(repr((self.kind_meant.pk, at, owner)).encode()).hexdigest()

    @property
    def note(self) -> str:
        """What is asked where no time was understood."""
        if not self.proposal.trouble or not self.is_usual or self.due is None:
            return ""
        return suggested.note(self.proposal.trouble, self.kind_meant)

    @property
    def offers(self) -> list[tuple[Offer, str]]:
        """Other times for the same words, each with the value of its button."""
        if self.due is None:
            return []
        following = [self.due.next_open] if self.due.next_open else []
        words = self.cleaned_data.get("when", "")
        return [
            (offer, f"{self.said.key}|{offer.at.isoformat()}|{words}")
            for offer in (*following, *self.due.others)
        ]

    @property
    def why(self) -> list[str]:
        """The steps that lead to the time, in words, on the team's clocks."""
        if self.due is None:
            return []
        desk = self.desk
        return why.lines_of(
            self.due.steps, zone=desk.hours.zone, now=desk.now, holidays=desk.holidays
        )

    @property
    def heading(self) -> str:
        return str(self["wording"].value() or "").strip() or f"Promise {self.said.number}"

    @property
    def reason(self) -> str:
        """By which words it was found, said to somebody who may be the one who said them."""
        return suggested.reason(self.said.suggestion)

    @property
    def asks_who_keeps_it(self) -> bool:
        """Whether somebody else was said to act, and nobody knows who."""
        is_open = self.cleaned_data.get("owner") == TEAM_KEEPS_IT
        return is_open and self.said.suggestion.promisor == "team"

    @property
    def asks_for_words(self) -> bool:
        """Whether the customer would read words that were meant for a talk."""
        return not self.is_kept and not is_ready(str(self["wording"].value() or ""))

    @property
    def owner_name(self) -> str:
        chosen = self.cleaned_data.get("owner", "")
        return next((name for value, name in self.desk.owners if value == chosen), "")


def _sent(sent: Mapping[str, Any], key: str) -> dict[str, str]:  # Any: as Django declares it
    return {name: str(sent.get(f"{key}-{name}", "")) for name in CardForm.base_fields}
