"""Django's admin, for what has no page of its own yet.

Promises, their events, conversations and check-ins are looked at here and never edited: a promise
changes by its verbs, and an event not at all. A ladder is edited by adding a version.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.forms import UserCreationForm
from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone

from commitments.errors import CommitmentError
from commitments.models import (
    Absence,
    ApiToken,
    Calendar,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Conversation,
    Customer,
    Event,
    Holiday,
    Kind,
    Membership,
    OpeningHours,
    Policy,
    PolicyVersion,
    Schedule,
    Step,
    Team,
    User,
)
from commitments.rules import business_time, wall_clock

admin.site.site_header = admin.site.site_title = "Followthrough"
admin.site.index_title = "Administration"


class LookOnly:
    """No adding, changing or deleting."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Kept:
    """What is in use is retired, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


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


class StepInline(admin.TabularInline):
    model = Step
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(PolicyVersion)
class PolicyVersionAdmin(Kept, admin.ModelAdmin):
    """Add one to change a ladder. It applies to new promises; open ones keep theirs."""

    list_display = ("policy", "number", "made_at", "made_by")
    fields = ("policy",)
    inlines = (StepInline,)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None

    def save_model(self, request: Any, obj: PolicyVersion, form: Any, change: bool) -> None:
        latest = obj.policy.versions.aggregate(latest=Max("number"))["latest"] or 0
        obj.number, obj.made_at, obj.made_by = latest + 1, timezone.now(), request.user
        super().save_model(request, obj, form, change)


@admin.register(Policy)
class PolicyAdmin(Kept, admin.ModelAdmin):
    list_display = ("name", "urgent_variant", "retired_at")


@admin.register(Kind)
class KindAdmin(Kept, admin.ModelAdmin):
    list_display = ("name", "usual_length", "usual_basis", "usual_hour", "policy", "retired_at")


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1
    autocomplete_fields = ("user",)


@admin.register(Team)
class TeamAdmin(Kept, admin.ModelAdmin):
    list_display = ("name", "calendar", "lead_fallback")
    inlines = (MembershipInline,)


class PersonForm(UserCreationForm):
    """A new person, with a password that the validators accept."""

    class Meta:
        model = User
        fields = ("email", "name", "zone")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


@admin.register(User)
class UserAdmin(Kept, admin.ModelAdmin):
    list_display = ("name", "email", "zone", "is_active", "is_superuser")
    search_fields = ("name", "email")
    fields = ("name", "email", "zone", "language", "is_active", "is_staff", "is_superuser")

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = PersonForm
            kwargs["fields"] = ("email", "name", "zone", "password1", "password2")
            return PersonForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return self.fields if obj else ("email", "name", "zone", "password1", "password2")


@admin.register(Absence)
class AbsenceAdmin(admin.ModelAdmin):
    list_display = ("user", "starts_at", "ends_at", "deputy")
    autocomplete_fields = ("user", "deputy")


@admin.register(Customer)
class CustomerAdmin(Kept, admin.ModelAdmin):
    list_display = ("name", "email", "phone", "stopped_at")
    search_fields = ("name", "email", "phone")


class EventInline(LookOnly, admin.TabularInline):
    model = Event
    fields = ("sequence", "kind", "at", "recorded_at", "actor", "audience", "visible")
    readonly_fields = fields
    ordering = ("-sequence",)
    extra = 0


@admin.register(Commitment)
class CommitmentAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("reference", "wording", "customer", "owner", "team", "status", "due_at")
    list_filter = ("status", "outcome", "team", "kind")
    list_select_related = ("customer", "owner", "team")
    search_fields = ("wording", "customer__name", "customer__email")
    date_hierarchy = "due_at"
    inlines = (EventInline,)


@admin.register(Event)
class EventAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("commitment", "sequence", "kind", "at", "actor", "visible")
    list_filter = ("kind",)
    list_select_related = ("commitment", "actor")


@admin.register(Conversation)
class ConversationAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("customer", "team", "channel", "outside_reference", "at")
    list_select_related = ("customer", "team")


class CheckInAnswerInline(LookOnly, admin.TabularInline):
    model = CheckInAnswer
    extra = 0


@admin.register(CheckIn)
class CheckInAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("customer", "state", "hold_reason", "send_at", "sent_at")
    list_filter = ("state",)
    list_select_related = ("customer",)
    inlines = (CheckInAnswerInline,)


@admin.register(Schedule)
class ScheduleAdmin(admin.ModelAdmin):
    list_display = ("what", "whose", "zone", "local_time", "every_days", "next_at")


@admin.register(ApiToken)
class ApiTokenAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("prefix", "name", "user", "scope", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    exclude = ("sha256",)
