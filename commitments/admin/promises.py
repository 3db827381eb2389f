"""Promises and what belongs to them: looked at here, and never edited."""

from __future__ import annotations

from django.contrib import admin

from commitments.models import (
    ApiToken,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Conversation,
    Customer,
    Event,
    Schedule,
)

from .parts import Kept, LookOnly


@admin.register(Customer)
class CustomerAdmin(Kept, admin.ModelAdmin):
    list_display = ("name", "email", "phone", "stopped_at")
    search_fields = ("name", "email", "phone")
    readonly_fields = ("merged_into",)


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
