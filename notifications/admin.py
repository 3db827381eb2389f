"""Deliveries can be looked at, never edited: what was sent was sent."""

from __future__ import annotations

import logging

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from notifications.channels import contacts
from notifications.delivery import bouncing
from notifications.endpoint_admin import EndpointAdmin
from notifications.models import (
    Attempt,
    Breaker,
    Delivery,
    Endpoint,
    InboxItem,
    JobRound,
    Suppression,
)

logger = logging.getLogger(__name__)


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
    list_display = ["id", "template", "channel", "to", "person", "state", "attempt_at"]
    list_filter = ["state", "channel", "audience", "template"]
    list_select_related = ["person"]
    search_fields = ["key", "about", "address"]
    show_full_result_count = False
    inlines = [AttemptInline]
    exclude = ["address"]  # of chats it is sealed: `to` says what may be read of it
    readonly_fields = ["to"]

    @admin.display(description="Address")
    def to(self, delivery: Delivery) -> str:
        return contacts.readable(delivery.channel, delivery.address)


@admin.register(InboxItem)
class InboxItemAdmin(ReadOnly, admin.ModelAdmin[InboxItem]):
    list_display = ["title", "user", "created_at", "read_at"]
    list_select_related = ["user"]
    show_full_result_count = False


class Reason(ActionForm):
    """Asked beside every action; lifting needs it."""

    reason = forms.CharField(required=False, max_length=200, label="Reason")


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly, admin.ModelAdmin[Suppression]):
    """Addresses that take nothing more, why, and since when."""

    list_display = ["address", "channel", "since", "cause"]
    list_filter = ["channel"]
    search_fields = ["address"]
    ordering = ["-since"]
    action_form = Reason
    actions = ["lift"]

    @admin.action(description="Send to these addresses again (give a reason)")
    def lift(self, request: HttpRequest, chosen: QuerySet[Suppression]) -> None:
        """The next messages go. What was suppressed meanwhile stays so."""
        reason = " ".join(request.POST.get("reason", "").split())
        if not reason:
            self.message_user(request, "Give a reason: nothing was changed.", messages.ERROR)
            return
        lifted = list(chosen)
        self.log_deletions(request, chosen)
        for suppression in lifted:
            bouncing.lift(suppression)
            logger.warning(
                "User %s lifted the suppression of address %s.", request.user.pk, suppression.pk
            )
        self.message_user(request, f"Messages go to {len(lifted)} more address(es) again: {reason}")


@admin.register(Breaker)
class BreakerAdmin(ReadOnly, admin.ModelAdmin[Breaker]):
    list_display = ["channel", "opened_at", "until", "reason"]


@admin.register(JobRound)
class JobRoundAdmin(ReadOnly, admin.ModelAdmin[JobRound]):
    list_display = ["name", "finished_at", "left_due"]


admin.site.register(Endpoint, EndpointAdmin)
