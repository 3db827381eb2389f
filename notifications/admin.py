"""Deliveries can be looked at, never edited: what was sent was sent."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from notifications.models import Attempt, Breaker, Delivery, InboxItem, JobRound, Suppression


class ReadOnly:
    """No adding, changing or deleting."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AttemptInline(ReadOnly, admin.TabularInline[Attempt, Delivery]):
    model = Attempt
    extra = 0


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin[Delivery]):
    list_display = ["id", "template", "channel", "address", "person", "state", "attempt_at"]
    list_filter = ["state", "channel", "audience", "template"]
    list_select_related = ["person"]
    search_fields = ["key", "about", "address"]
    show_full_result_count = False
    inlines = [AttemptInline]


@admin.register(InboxItem)
class InboxItemAdmin(ReadOnly, admin.ModelAdmin[InboxItem]):
    list_display = ["title", "user", "created_at", "read_at"]
    list_select_related = ["user"]
    show_full_result_count = False


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin[Suppression]):
    list_display = ["address", "channel", "since", "cause"]
    list_filter = ["channel"]
    search_fields = ["address"]


@admin.register(Breaker)
class BreakerAdmin(ReadOnly, admin.ModelAdmin[Breaker]):
    list_display = ["channel", "opened_at", "until", "reason"]


@admin.register(JobRound)
class JobRoundAdmin(ReadOnly, admin.ModelAdmin[JobRound]):
    list_display = ["name", "finished_at", "left_due"]
