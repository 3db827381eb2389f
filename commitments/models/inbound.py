"""What reached us by mail: how much, by day, and what could not be taken.

Nobody is answered about it, so the operator has to be able to see it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F


class MailTallyManager(models.Manager["MailTally"]):
    def one_more(self, outcome: str, reason: str, *, now: datetime) -> None:
        """One more of these today, in UTC."""
        said = {"on": now.date(), "outcome": outcome, "reason": reason[:60]}
        row, is_new = self.get_or_create(**said, defaults={"mails": 1})
        if not is_new:
            self.filter(pk=row.pk).update(mails=F("mails") + 1)


class MailTally(models.Model):
    """How many mails of a day came to the same end, for the same reason."""

    class Outcome(models.TextChoices):
        TAKEN = "taken"
        DROPPED = "dropped"
        QUARANTINED = "quarantined"

    on = models.DateField()
    outcome = models.CharField(max_length=11, choices=Outcome.choices)
    reason = models.CharField(max_length=60, blank=True)
    mails = models.PositiveIntegerField()

    objects = MailTallyManager()

    class Meta:
        verbose_name = "count of mails"
        verbose_name_plural = "counts of mails"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["on", "outcome", "reason"], name="one_count_of_a_kind_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.mails} {self.outcome}"


class QuarantinedMailManager(models.Manager["QuarantinedMail"]):
    def naming(self, addresses: Collection[str]) -> models.QuerySet[QuarantinedMail]:
        """Those in which one of these stands, in capitals or not; all are read, which are few."""
        said = [each.lower().encode() for each in addresses if each]
        mails = self.values_list("pk", "content").iterator(chunk_size=20) if said else ()
        read = ((pk, bytes(content).lower()) for pk, content in mails)
        return self.filter(pk__in=[pk for pk, text in read if any(each in text for each in said)])


class QuarantinedMail(models.Model):
    """A mail that could not be taken, kept for some days for whoever looks into it.

    `content` is its beginning, as it came. The same mail is kept once.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = QuarantinedMailManager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["at"], name="quarantined_at"),  # how many today? what may go?
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {self.reason}"

    @property
    def beginning(self) -> str:
        """How it begins, as it came, for people to read: what is no text is marked."""
        return bytes(self.content).decode("utf-8", "replace").replace("\0", "\ufffd")
