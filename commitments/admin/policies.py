"""Policies are looked at here, and edited on their own page; kinds are edited here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join

from commitments import policies
from commitments.models import Kind, Policy, PolicyVersion, Relook, Replan, Step
from commitments.rules import ladder_words

from .parts import Kept, LookOnly


class StepInline(LookOnly, admin.TabularInline):
    model = Step
    extra = 0


@admin.register(PolicyVersion)
class PolicyVersionAdmin(LookOnly, admin.ModelAdmin):
    """What a policy said at one time."""

    list_display = ("policy", "number", "made_at", "made_by")
    list_select_related = ("policy", "made_by")
    inlines = (StepInline,)


class VersionInline(LookOnly, admin.TabularInline):
    model = PolicyVersion
    fields = ("number", "made_at", "made_by")
    show_change_link = True
    ordering = ("-number",)
    extra = 0


@admin.register(Policy)
class PolicyAdmin(LookOnly, admin.ModelAdmin):
    """Edited under Settings, Escalation: with a preview, and in versions."""

    list_display = ("name", "urgent_variant", "retired_at")
    fields = ("name", "urgent_variant", "retired_at", "in_words", "unwise")
    inlines = (VersionInline,)

    def view_on_site(self, obj: Policy) -> str | None:
        """Where it is edited, while it is in use."""
        return reverse("web:policy", kwargs={"pk": obj.pk}) if obj.retired_at is None else None

    @admin.display(description="What it says")
    def in_words(self, obj: Policy) -> str:
        steps = obj.latest().ladder()
        return _as_lines(ladder_words.summary(steps, policies.names_in(steps)))

    @admin.display(description="What is unwise about it")
    def unwise(self, obj: Policy) -> str:
        return _as_lines([each.sentence for each in policies.warnings(obj, timezone.now())])


@admin.register(Replan)
class ReplanAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("version", "asked_at", "asked_by", "changed", "finished_at")
    list_select_related = ("version__policy", "asked_by")


@admin.register(Relook)
class RelookAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("team", "asked_at", "looked_at", "finished_at")
    list_select_related = ("team",)


@admin.register(Kind)
class KindAdmin(Kept, admin.ModelAdmin):
    list_display = ("name", "usual_length", "usual_basis", "usual_hour", "policy", "retired_at")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """A policy that is retired is offered no more."""
        if db_field.name == "policy":
            kwargs["queryset"] = Policy.objects.in_use()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _as_lines(sentences: Sequence[str]) -> str:
    return format_html_join("", "<div>{}</div>", ([each] for each in sentences)) or "-"
