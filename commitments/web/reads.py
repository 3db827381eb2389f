"""Forms that read a time in words, and show what they read before it is saved.

The first submit shows the reading; the form then carries what was shown and when it was read. The
next submit reads the same words as of that moment, so "in 2 hours" still means what was shown. If
the outcome would differ from what was shown, it is shown again and nothing is saved.

A time that is offered beside the words (the next open one, another reading, the usual one for
"soon") is taken with a button. The words as said stay, and stay on the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import forms
from django.http import QueryDict

from commitments.errors import CommitmentError
from commitments.models import Kind
from commitments.reading import deadlines
from commitments.rules.business_time import Hours
from commitments.understanding import kinds
from commitments.understanding.dues import Due, Offer, as_due, read_due

from . import fields

__all__ = ["Due", "Reads", "as_due", "read_due", "taken"]

_KEPT_FOR = timedelta(hours=1)


def taken(data: QueryDict) -> QueryDict:
    """The form as sent; a time that was offered for these words is noted if its button was pressed.

    The button's value names both, `2026-05-26T09:00:00+00:00|sat`, because a browser also presses
    the first button of a form when Enter is hit in a field whose words have been changed.
    """
    if "give_to" in data:  # a colleague with less to do was chosen beside the reading
        data = data.copy()
        data["owner"] = str(data["give_to"])[:20]
    if "take" not in data:
        return data
    chosen = data.copy()
    at, _, words = str(data["take"])[:300].partition("|")
    chosen["taken"], chosen["taken_for"] = at, words
    return chosen


class Reads(fields.SpokenForm):
    """The base of such forms. `shown` holds what was shown, `read_at` when it was read.

    `taken` is the offered time that was taken, `taken_for` the words that it stands for.
    """

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    shown = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    read_at = fields.Instant(required=False, widget=forms.HiddenInput)
    taken = fields.Instant(required=False, widget=forms.HiddenInput)
    taken_for = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    now: datetime
    in_force: datetime | None = None  # the time that a new one is to replace
    is_confirmed = False
    is_changed = False  # read otherwise than when it was shown
    offer: Offer | None = None  # a time for words that name none

    def started_at(self) -> datetime:
        """As of when the words are to be read: when they were first read, if that was just now."""
        read_at: datetime | None = self.cleaned_data.get("read_at")
        if read_at is not None and self.now - _KEPT_FOR <= read_at <= self.now:
            return read_at
        return self.now

    def due_in(self, text: str, *, kind: Kind, hours: Hours, zone: str, read_at: datetime) -> Due:
        """What the words mean, or the time that was taken for them. Raises CommitmentError."""
        at: datetime | None = self.cleaned_data.get("taken")
        if at is not None and self.cleaned_data.get("taken_for") == text:
            return as_due(at, said=text, now=self.now, zone=zone, hours=hours)
        if deadlines.is_vague(text):
            raise self.ask_when(kind, hours=hours, zone=zone, read_at=read_at, said=text)
        if not text:
            return self.usual_due(kind, hours=hours, zone=zone, read_at=read_at)
        return read_due(
            text,
            read_at=read_at,
            now=self.now,
            zone=zone,
            hours=hours,
            closes=kind.usual_hour,
        )

    def usual_due(self, kind: Kind, *, hours: Hours, zone: str, read_at: datetime) -> Due:
        """What holds where no time was said."""
        chain = kind.usual_steps(read_at, hours=hours)
        return as_due(chain[-1].ends_at, said="", now=self.now, zone=zone, hours=hours, steps=chain)

    def ask_when(
        self, kind: Kind, *, hours: Hours, zone: str, read_at: datetime, said: str
    ) -> CommitmentError:
        """The question where no time was named; the kind's usual one is offered with it."""
        ask = "By when? Give a time such as 4pm or fri 10am"
        usual = kind.usual_due(read_at, hours=hours)
        if usual <= self.now or usual == self.in_force:
            return CommitmentError(f"{ask}.", field="when")
        due = Due(at=usual, said=said, zone=zone, team_zone=hours.zone)
        self.offer = due.offering(usual, words=kinds.usual_length(kind), now=self.now)
        return CommitmentError(f"{ask}, or take the usual for {kind}.", field="when")

    @property
    def due_read(self) -> Due | None:
        """The time that this answer shows."""
        return None

    @property
    def offers_a_choice(self) -> bool:
        """Whether there is another button before the one that Enter is meant to press."""
        due = self.due_read
        return self.offer is not None or (due is not None and due.next_open is not None)

    def show(self, fingerprint: str, *, read_at: datetime, due: Due) -> None:
        """Note what this answer shows, so that the next submit can be compared with it.

        Outside working hours that is not enough: somebody has to choose that very time.
        """
        shown = self.cleaned_data["shown"]
        is_chosen = not due.next_open or self.data.get("anyway") == due.at.isoformat()
        self.is_confirmed = shown == fingerprint and is_chosen
        self.is_changed = shown not in ("", fingerprint) and "take" not in self.data
        self.write({"shown": fingerprint, "read_at": read_at.isoformat()})

    def write(self, values: Mapping[str, str]) -> None:
        """Put values into the form as if they had been typed, for showing it again."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, value in values.items():
            data[name] = value
        self.data = data

    def refuse(self, no: CommitmentError, *, places: Mapping[str, str]) -> None:
        """A rule said no: put its sentence beside the field that it is about.

        A time that was refused is read afresh when it is sent again: "in 20 minutes" may have
        passed while it was looked at.
        """
        name = places.get(no.field or "", no.field)
        if name == "when":
            self.write({"read_at": ""})
        self.add_error(name if name in self.fields else None, str(no))
