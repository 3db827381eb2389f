"""People and their teams."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.forms import UserCreationForm
from django.utils import timezone

from commitments.house import account_log
from commitments.models import Absence, Membership, Team, User
from commitments.policies import looking_again

from .parts import Kept, LookOnly


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1
    autocomplete_fields = ("user",)


@admin.register(Team)
class TeamAdmin(Kept, admin.ModelAdmin):
    list_display = ("name", "calendar", "lead_fallback")
    inlines = (MembershipInline,)

    def save_model(self, request: Any, obj: Team, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "calendar" in form.changed_data:
            # The team's clocks were laid by other hours.
            looking_again.look_again(Team.objects.filter(pk=obj.pk), now=timezone.now())

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        with account_log.places(team_id=form.instance.pk, by_id=request.user.pk):
            super().save_related(request, form, formsets, change)


class PersonForm(UserCreationForm):
    """A new person, with a password that the validators accept."""

    class Meta:
        model = User
        fields = ("email", "name", "zone")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


@admin.register(User)
class UserAdmin(Kept, admin.ModelAdmin):
    """Who administers, and who is switched off, is said under Settings, People.

    There somebody takes over what they owe, their sessions end, and the last administrator stays.
    """

    list_display = ("name", "email", "zone", "is_active", "is_superuser")
    search_fields = ("name", "email")
    fields = ("name", "email", "zone", "language", "is_active", "is_staff", "is_superuser")

    readonly_fields = ("is_active", "is_staff", "is_superuser")

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = PersonForm
            kwargs["fields"] = ("email", "name", "zone", "password1", "password2")
            return PersonForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return self.fields if obj else ("email", "name", "zone", "password1", "password2")


@admin.register(Absence)
class AbsenceAdmin(LookOnly, admin.ModelAdmin):
    """Planned under Time away: with a look at what falls into it, and no circles of deputies."""

    list_display = ("user", "starts_at", "ends_at", "deputy")
    list_select_related = ("user", "deputy")
