from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.models.delivery import Delivery


class InboxQuerySet(models.QuerySet["InboxItem"]):
    def shown(self, now: datetime) -> Self:
        """What is there to be read: not put off, or put off until a time that has come."""
        return self.filter(Q(show_at=None) | Q(show_at__lte=now))

    def put_off(self, now: datetime) -> Self:
        return self.filter(show_at__gt=now)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class InboxItem(models.Model):
    """A message inside the application, waiting for its reader. Until `show_at` it is put off."""

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

    objects = InboxQuerySet.as_manager()

    class Meta:
        indexes = [
            # A person's reminders, newest first.
            models.Index(fields=["user", "-created_at"], name="inbox_of_a_person"),
            # The number of unread reminders in the top bar.
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="inbox_unread"),
            # The customer wrote: what was put off about this promise?
            models.Index(
                fields=["about"], condition=Q(show_at__isnull=False), name="inbox_put_off"
            ),
        ]

    def __str__(self) -> str:
        return self.title
