"""Policies are looked at here, and edited on their own page; kinds are edited here."""

from __future__ import annotations

from django.contrib import admin

from commitments.models import Kind, Policy, PolicyVersion, Replan, Step

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
    inlines = (VersionInline,)


@admin.register(Replan)
class ReplanAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("version", "asked_at", "asked_by", "changed", "finished_at")
    list_select_related = ("version__policy", "asked_by")


@admin.register(Kind)
class KindAdmin(Kept, admin.ModelAdmin):
    list_display = ("name", "usual_length", "usual_basis", "usual_hour", "policy", "retired_at")
