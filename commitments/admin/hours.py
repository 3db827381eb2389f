"""Working weeks and holidays. Editing them moves no promised time, and says which it would."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone

from commitments.errors import CommitmentError
from commitments.models import Calendar, Holiday, OpeningHours
from commitments.policies import calendars, looking_again
from commitments.rules import business_time, wall_clock

from .parts import Kept


class TimeOfDay(forms.CharField):
    """`09:30`, and `24:00` for the end of the day; minutes after midnight to the program."""

    def prepare_value(self, value: Any) -> Any:  # Any: what a form holds
        return business_time.clock_of(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:  # Any: text in, minutes out
        text = super().to_python(value)
        if not text:
            return None
        try:
            return business_time.minutes_of(text)
        except CommitmentError as error:
            raise ValidationError(str(error)) from error


class Spans(forms.CharField):
    """`09:00-12:00, 13:00-17:00`; nothing where the day is closed."""

    def prepare_value(self, value: Any) -> Any:  # Any: what a form holds
        if not isinstance(value, list):
            return value
        return ", ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in value)

    def to_python(self, value: Any) -> Any:  # Any: text in, spans out
        text = super().to_python(value) or ""
        try:
            return [
                [business_time.minutes_of(clock.strip()) for clock in span.split("-", 1)]
                for span in text.split(",")
                if span.strip()
            ]
        except CommitmentError as error:
            raise ValidationError(str(error)) from error


def _clock(minutes: int) -> str:
    return business_time.clock_of(minutes)


class OpeningHoursForm(forms.ModelForm):
    weekday = forms.TypedChoiceField(
        coerce=int,
        choices=list(enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))),
    )
    opens = TimeOfDay()
    closes = TimeOfDay(help_text="24:00 is midnight at the end of the day.")

    class Meta:
        model = OpeningHours
        fields = ("weekday", "opens", "closes")


class HolidayForm(forms.ModelForm):
    spans = Spans(required=False, help_text="09:00-12:00, 13:00-17:00; empty where closed.")

    class Meta:
        model = Holiday
        fields = ("on", "name", "spans")

    def clean_spans(self) -> list[list[int]]:
        spans: list[list[int]] = self.cleaned_data["spans"]
        if any(len(span) != 2 for span in spans):
            raise ValidationError("Write each span with its beginning and its end.")
        _check_hours({0: [(opens, closes) for opens, closes in spans]})
        return spans


class WeekFormSet(BaseInlineFormSet):
    """The week as a whole: spans of one day do not overlap."""

    def clean(self) -> None:
        super().clean()
        week: dict[int, list[tuple[int, int]]] = {}
        for form in self.forms:
            row = getattr(form, "cleaned_data", {})
            if row.keys() >= {"weekday", "opens", "closes"} and not row.get("DELETE"):
                week.setdefault(row["weekday"], []).append((row["opens"], row["closes"]))
        _check_hours(week)


def _check_hours(week: dict[int, list[tuple[int, int]]]) -> None:
    """Raise the sentence that says which hours will not do."""
    try:
        business_time.Hours(
            zone="UTC", weekly=tuple(tuple(sorted(week.get(day, []))) for day in range(7))
        )
    except CommitmentError as error:
        raise ValidationError(str(error)) from error


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    form = OpeningHoursForm
    formset = WeekFormSet
    extra = 0


class HolidayInline(admin.TabularInline):
    model = Holiday
    form = HolidayForm
    extra = 0


class CalendarForm(forms.ModelForm):
    class Meta:
        model = Calendar
        fields = ("name", "zone")

    def clean_zone(self) -> str:
        try:
            return wall_clock.zone_named(self.cleaned_data["zone"]).key
        except CommitmentError as error:
            raise ValidationError(str(error)) from error


@admin.register(Calendar)
class CalendarAdmin(Kept, admin.ModelAdmin):
    form = CalendarForm
    list_display = ("name", "zone")
    inlines = (OpeningHoursInline, HolidayInline)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and (form.has_changed() or any(each.has_changed() for each in formsets)):
            _say_what_differs(request, form.instance)


def _say_what_differs(request: HttpRequest, edited: Calendar) -> None:
    """Promises keep their times; their clocks follow the hours that are in force now."""
    now = timezone.now()
    calendar = Calendar.objects.get(pk=edited.pk)
    differences = calendars.what_would_differ(calendar, calendar.hours())
    looking_again.look_again(calendar.teams.all(), now=now)
    lines = [each.sentence(zone=calendar.zone, now=now) for each in differences.shown]
    said = " ".join([differences.sentence(), "; ".join(lines)]).strip()
    messages.warning(request, said) if lines else messages.info(request, said)
