"""A row for each attempt to send a delivery."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from notifications.models.delivery import Delivery


class Ending(models.TextChoices):
    """How an attempt ended. One without an ending was cut off, or is still under way."""

    ACCEPTED = "accepted", "Accepted"
    POSTPONED = "postponed", "To be tried again"
    REFUSED = "refused", "Refused for good"
    UNKNOWN = "unknown", "No answer after the last byte"
    RELEASED = "released", "Let go of, nothing sent"
    UNEXPECTED = "unexpected", "Unexpected error"


class Attempt(models.Model):
    """One lease of a delivery and what came of it. Opened in the claim's own transaction."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="tried", db_index=False
    )
    token = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # Also serves everything that reads the attempts of one delivery.
            models.UniqueConstraint(fields=["delivery", "token"], name="attempt_once_a_token"),
            models.CheckConstraint(
                name="attempt_ends_with_an_ending",
                condition=Q(ended_at__isnull=True, ending="")
                | (Q(ended_at__isnull=False) & ~Q(ending="")),
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.token} of delivery {self.delivery_id}"
