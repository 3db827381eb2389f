"""Calls that were tried to keep a callback, and what came of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .commitment import Commitment
from .people import User


class CallAttempt(models.Model):
    """One try to reach a customer on the phone. Its words can be erased, unlike its event."""

    class Outcome(models.TextChoices):
        REACHED = "reached", "Reached them"
        NO_ANSWER = "no_answer", "No answer"
        VOICEMAIL = "voicemail", "Left a message"
        BUSY = "busy", "Busy"
        WRONG_NUMBER = "wrong_number", "Wrong number"

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="call_attempts")
    caller = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} at {self.at:%Y-%m-%d %H:%M}"
