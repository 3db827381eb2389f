"""The form for a time away, in days and clock times of whoever is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from commitments.models import Absence, User
from commitments.rules import wall_clock
from commitments.services import absences

from . import fields

_A_DAY = "Give a day, like 2026-05-22."
_A_TIME = "Give a time of day, like 13:00."


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _A_DAY, "required": _A_DAY},
    )


def _clock(label: str, help_text: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _A_TIME},
    )


class AwayForm(fields.SpokenForm):
    """From when to when, and who stands in. `starts_at` and `ends_at` are the instants meant."""

    marks_optional = True
    fields_of = {"starts": "starts_on", "ends": "ends_on"}

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    starts_on = _day("First day away")
    starts_at_clock = _clock("From", "Empty: from the beginning of that day.")
    ends_on = _day("Last day away")
    ends_at_clock = _clock("Until", "Empty: to the end of that day.")
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label="Who stands in?",
        empty_label="Choose a colleague",
        help_text="They are told in place of whoever is away.",
    )
    note = fields.Words(
        what="The note", limit=200, label="Note for colleagues", required=False,
        help_text="Goes along with what is handed over.",
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        person: User,
        now: datetime,
        absence: Absence | None = None,
        initial: Mapping[str, Any] | None = None,  # Any: likewise
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        self.person, self.now, self.absence = person, now, absence
        fields.offer_rows(self, "deputy", absences.may_stand_in_for(person))
        self.has_begun = absence is not None and absence.starts_at <= now
        for name in ("starts_on", "starts_at_clock") if self.has_begun else ():
            self.fields[name].disabled = True

    def leave(self) -> absences.Leave:
        return absences.Leave(
            user_id=self.person.pk,
            starts_at=self._starts_at(),
            ends_at=self._ends_at(),
            deputy_id=self.cleaned_data["deputy"].pk,
            note=self.cleaned_data["note"],
        )

    def _starts_at(self) -> datetime:
        if self.absence is not None and self.has_begun:
            return self.absence.starts_at
        on, clock = self.cleaned_data["starts_on"], self.cleaned_data["starts_at_clock"]
        at = self._instant(on, clock or time())
        today = self.now.astimezone(ZoneInfo(self.person.zone)).date()
        return max(at, self.now) if on == today and clock is None else at

    def _ends_at(self) -> datetime:
        on, clock = self.cleaned_data["ends_on"], self.cleaned_data["ends_at_clock"]
        if clock is None:
            return self._instant(on + timedelta(days=1), time())
        return self._instant(on, clock)

    def _instant(self, on: date, clock: time) -> datetime:
        return wall_clock.instant_of(datetime.combine(on, clock), ZoneInfo(self.person.zone))


def as_typed(absence: Absence) -> dict[str, object]:
    """What the form would have held to make this absence."""
    zone = ZoneInfo(absence.user.zone)
    starts, ends = absence.starts_at.astimezone(zone), absence.ends_at.astimezone(zone)
    ends_with_a_day = ends.time() == time()
    return {
        "starts_on": starts.date(),
        "starts_at_clock": None if starts.time() == time() else starts.time(),
        "ends_on": ends.date() - timedelta(days=1) if ends_with_a_day else ends.date(),
        "ends_at_clock": None if ends_with_a_day else ends.time(),
        "deputy": absence.deputy_id,
        "note": absence.note,
    }
