"""Forms that read a time in words, and show what they read before it is saved.

The first submit shows the reading; the form then carries what was shown and when it was read. The
next submit reads the same words as of that moment, so "in 2 hours" still means what was shown. If
the outcome would differ from what was shown, it is shown again and nothing is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django import forms
from django.http import QueryDict

from commitments.errors import CommitmentError
from commitments.reading import deadlines
from commitments.rules import due_time, saying
from commitments.rules.business_time import Hours

from . import fields

_HOW = "Try 4pm, tomorrow 10am, fri, 26 may 11am, in 2 hours or within 3 business days."
_KEPT_FOR = timedelta(hours=1)
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due time as understood. `said` are the words it was read from; `note` warns, or is empty.

    `zone` is the reader's, `team_zone` the one in which the words were read. `next_open` is offered
    where the time lies outside the team's hours.
    """

    at: datetime
    said: str
    zone: str
    team_zone: str
    note: str = ""
    next_open: datetime | None = None

    @property
    def suffix(self) -> str:
        """Follows every time where reader and team look at different clocks."""
        return _suffix(self.zone, self.team_zone)

    @property
    def zones_explained(self) -> str:
        """How the words were read, where that needs saying."""
        if not self.suffix:
            return ""
        theirs, yours = saying.say_zone(self.team_zone), saying.say_zone(self.zone)
        return f"Words are read in the team's zone, {theirs}, and shown in yours, {yours}."


def taken(data: QueryDict) -> QueryDict:
    """The form as sent, with the offered time in place of the typed one if that was chosen."""
    if "take" not in data:
        return data
    chosen = data.copy()
    chosen["when"] = str(data["take"])[:40]
    return chosen


class Reads(fields.SpokenForm):
    """The base of such forms. `shown` holds what was shown, `read_at` when it was read."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    shown = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    read_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    now: datetime
    is_confirmed = False

    def started_at(self) -> datetime:
        """As of when the words are to be read: when they were first read, if that was just now."""
        read_at: datetime | None = self.cleaned_data.get("read_at")
        if read_at is not None and self.now - _KEPT_FOR <= read_at <= self.now:
            return read_at
        return self.now

    def show(self, fingerprint: str, *, read_at: datetime) -> None:
        """Note what this answer shows, so that the next submit can be compared with it."""
        self.is_confirmed = self.cleaned_data["shown"] == fingerprint
        self.write({"shown": fingerprint, "read_at": read_at.isoformat()})

    def write(self, values: Mapping[str, str]) -> None:
        """Put values into the form as if they had been typed, for showing it again."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, value in values.items():
            data[name] = value
        self.data = data

    def refuse(self, no: CommitmentError, *, places: Mapping[str, str]) -> None:
        """A rule said no: put its sentence beside the field that it is about."""
        name = places.get(no.field or "", no.field)
        self.add_error(name if name in self.fields else None, str(no))


def read_due(
    text: str, *, read_at: datetime, now: datetime, zone: str, hours: Hours, closes: time | None
) -> Due:
    """The due time in some words, or a CommitmentError that says what to do about it.

    The words are read in the team's zone; the answer is said in `zone`, the reader's.
    """
    there = hours.zone
    reading = deadlines.read(text, now=read_at, zone=there, hours=hours, closes=closes)
    aside = f" That is in {saying.say_zone(there)}." if _suffix(zone, there) else ""
    if reading is None:
        passed = deadlines.why_not(text, now=read_at, zone=there, hours=hours, closes=closes)
        unread = f"We could not read “{text[:60]}” as a time. {_HOW}"
        raise CommitmentError(f"{passed}{aside}" if passed else unread, field="when")
    note = f"{reading.adjusted}{aside}" if reading.adjusted else ""
    return as_due(reading.at, said=text, now=now, zone=zone, hours=hours, note=note)


def as_due(
    at: datetime, *, said: str, now: datetime, zone: str, hours: Hours, note: str = ""
) -> Due:
    """A due time with what is to be said about it in `zone`; refused where it has passed."""
    if at <= now:
        raise CommitmentError(due_time.passed(at, zone=zone, now=now), field="when")
    due = Due(at=at, said=said, zone=zone, team_zone=hours.zone, note=note)
    # A deadline at closing time is inside the hours, though the closing instant itself is closed.
    if hours.is_open(at) or hours.is_open(at - _MOMENT):
        return due
    following = hours.next_open(at)
    outside = saying.say_time(at, zone=zone, now=now) + due.suffix
    offered = saying.say_time(following, zone=zone, now=now) + due.suffix
    closed = f"{outside} is outside your team's hours. {offered} is the next open time."
    return replace(due, note=f"{note} {closed}".strip(), next_open=following)


def _suffix(zone: str, team_zone: str) -> str:
    return f" ({saying.say_zone(zone)})" if zone != team_zone else ""
