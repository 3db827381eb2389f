"""What came in by mail: counted by the day, and what could not be taken, to be looked into."""

from __future__ import annotations

from typing import Final

from django.contrib import admin
from django.utils.html import format_html

from commitments.models import MailTally, QuarantinedMail

from .parts import LookOnly

_SHOWN: Final = 16 * 1024


@admin.register(MailTally)
class MailTallyAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("on", "outcome", "reason", "mails")
    list_filter = ("outcome",)
    date_hierarchy = "on"
    ordering = ("-on", "outcome", "reason")


@admin.register(QuarantinedMail)
class QuarantinedMailAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("at", "reason", "size")
    list_filter = ("reason",)
    date_hierarchy = "at"
    ordering = ("-at",)
    fields = ("at", "reason", "size", "beginning")
    readonly_fields = ("beginning",)

    @admin.display(description="How it begins, as it came")
    def beginning(self, mail: QuarantinedMail) -> str:
        """As text: nothing of it is run, drawn or fetched."""
        return format_html("<pre>{}</pre>", mail.beginning[:_SHOWN])
