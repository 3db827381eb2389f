from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.models.delivery import Delivery


class InboxItem(models.Model):
    """A message inside the application, waiting for its reader."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="inbox",
        db_index=False,
    )
    delivery = models.OneToOneField(
        Delivery, null=True, blank=True, on_delete=models.CASCADE, related_name="inbox_item"
    )
    about = models.TextField()
    title = models.TextField()
    words = models.TextField(blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    show_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # A person's reminders, newest first.
            models.Index(fields=["user", "-created_at"], name="inbox_of_a_person"),
            # The number of unread reminders in the top bar.
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="inbox_unread"),
        ]

    def __str__(self) -> str:
        return self.title
