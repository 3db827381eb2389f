"""The forms of holidays: one day, a country's, a file's; and the rows that are looked at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from commitments.house import calendar_files, countries, hours
from commitments.models import Calendar
from commitments.web import fields

from .hour_forms import SpansField
from .parts import Part, PartsForm

_WHOSE = "For which hours?"


class _Choices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in stubs only
    """Calendars to be ticked."""

    def __init__(self) -> None:
        super().__init__(
            Calendar.objects.none(), label=_WHOSE, widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one."},
        )  # fmt: skip


def _all_ticked(form: PartsForm) -> None:
    found = Calendar.objects.order_by("name")
    fields.offer_rows(form, "calendars", found)
    form.initial.setdefault("calendars", list(found.values_list("pk", flat=True)))


class AddForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(title="The day", names=("on", "name", "spans", "calendars")),
    )

    on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Give a day, like 2026-12-24."},
    )
    name = fields.Words(what="The name", limit=120, label="Name", help_text="Such as Stocktaking.")
    spans = SpansField(label="Open", help_text="Like 9:00-12:00. Empty: closed all day.")
    calendars = _Choices()

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:  # Any: as Django declares it
        super().__init__(data)
        _all_ticked(self)

    def days(self) -> list[hours.Day]:
        said = self.cleaned_data
        return [hours.Day(on=said["on"], name=said["name"], spans=said["spans"])]


class CountryForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(
            title="Which holidays?",
            names=("country", "region", "first_year", "years", "calendars"),
            help="Public holidays, as published. You see them before anything is saved.",
        ),
    )

    country = forms.ChoiceField(label="Country")
    region = forms.ChoiceField(
        label="Region", required=False, help_text="Choose the country first, then Show regions.",
    )  # fmt: skip
    first_year = forms.IntegerField(label="From the year", min_value=2000, max_value=2100)
    years = forms.IntegerField(label="How many years", min_value=1, max_value=countries.MOST_YEARS)
    calendars = _Choices()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        now: datetime,
        country: str = "",
    ) -> None:
        super().__init__(data, initial={"first_year": now.year, "years": 2, "country": country})
        _all_ticked(self)
        chosen = str((data or {}).get("country") or country)
        known = countries.regions(chosen) if chosen in dict(countries.countries()) else []
        fields.offer(self, "country", [("", "Choose a country"), *countries.countries()])
        everywhere = "The whole country" if known or not chosen else "It has none of its own"
        fields.offer(self, "region", [("", everywhere), *known])

    def days(self) -> list[hours.Day]:
        said = self.cleaned_data
        return countries.days(
            said["country"],
            region=said["region"],
            first_year=said["first_year"],
            years=said["years"],
        )


class FileForm(PartsForm):
    parts: ClassVar[tuple[Part, ...]] = (
        Part(
            title="Which calendar?",
            names=("file", "calendar"),
            help="Events of whole days close them; events with times are cut out of that day's"
            " hours. You see every day before anything is saved.",
        ),
    )

    file = forms.FileField(
        label="Calendar file (.ics)",
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
        error_messages={"empty": "That file is empty.", "required": "Choose a file."},
    )
    calendar = forms.ModelChoiceField(
        Calendar.objects.none(), label=_WHOSE, empty_label="Choose hours"
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        files: Any = None,  # Any: likewise
    ) -> None:
        super().__init__(data, files=files)
        found = Calendar.objects.prefetch_related("opening_hours", "holidays").order_by("name")
        fields.offer_rows(self, "calendar", found)
        only = list(found[:2])
        if len(only) == 1:
            self.initial["calendar"] = only[0].pk

    def found(self, *, now: datetime) -> calendar_files.Found:
        said = self.cleaned_data
        data = said["file"].read(calendar_files.LARGEST + 1)
        return calendar_files.read(data, hours=said["calendar"].hours(), now=now)


class PlanForm(PartsForm):
    """What is sent beside the rows."""

    calendars = _Choices()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        chosen: Sequence[int] = (),
    ) -> None:
        super().__init__(data, initial={"calendars": list(chosen)} if chosen else None)
        _all_ticked(self)


class RowForm(fields.SpokenForm):
    """One day of the plan."""

    keep = forms.BooleanField(label="Keep", required=False, initial=True)
    on = forms.DateField(widget=forms.HiddenInput)
    name = fields.Words(what="The name", limit=120, label="Name")
    spans = SpansField(label="Open")


def rows(data: QueryDict | None = None, *, days: Sequence[hours.Day] = ()) -> BaseFormSet[RowForm]:
    most = hours.MOST_DAYS
    made = formset_factory(RowForm, extra=0, max_num=most, absolute_max=most)
    if data is not None:
        return made(data, prefix="row")
    first = [{"keep": True, "on": day.on, "name": day.name, "spans": day.spans} for day in days]
    return made(initial=first, prefix="row")


def days_in(found: BaseFormSet[RowForm]) -> list[hours.Day]:
    """Of the rows that are ticked."""
    return [
        hours.Day(on=said["on"], name=said["name"], spans=said["spans"])
        for form in found
        if (said := form.cleaned_data).get("keep")
    ]
