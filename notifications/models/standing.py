"""What stands while messages come and go: closed addresses, channels at rest, rounds done."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models


class Suppression(models.Model):
    """An address that takes no more messages, and why."""

    channel = models.CharField(max_length=16)
    address = models.TextField()
    since = models.DateTimeField()
    cause = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address"], name="suppression_once_an_address"
            )
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.cause}"


class BreakerQuerySet(models.QuerySet["Breaker"]):
    def of_channels(self) -> Self:
        """Without those of programs, named like `endpoint:7`: one program's rest stops no other,
        and its administrators are told where it is switched off.
        """
        return self.exclude(channel__contains=":")


class Breaker(models.Model):
    """A channel that rests, because the far end refuses us, not a recipient. Its rows wait.

    A program that fails rests, too, under the name by which deliveries address it.
    """

    channel = models.CharField(max_length=16, unique=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # It is our own account that is refused: it stays shut until an operator has done something.
    ours = models.BooleanField(default=False, db_default=False)

    objects = BreakerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="breaker_open_has_an_end",
                condition=models.Q(opened_at__isnull=True, until__isnull=True)
                | models.Q(opened_at__isnull=False, until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.reason or 'closed'}"


class JobRoundManager(models.Manager["JobRound"]):
    def finished(self, name: str, *, at: datetime, left_due: int) -> None:
        """Record that a job came round, so that a job that does not can be seen."""
        if not self.filter(name=name).update(finished_at=at, left_due=left_due):
            self.get_or_create(name=name, defaults={"finished_at": at, "left_due": left_due})


class JobRound(models.Model):
    """When a job last finished a round, and whether it left due work behind."""

    name = models.CharField(max_length=64, unique=True)
    finished_at = models.DateTimeField()
    left_due = models.PositiveIntegerField(default=0)
    # When the wall clock last jumped between two rounds of one process, and by how many seconds.
    stepped_at = models.DateTimeField(null=True, blank=True)
    stepped_by = models.IntegerField(default=0, db_default=0)

    objects = JobRoundManager()

    def __str__(self) -> str:
        return f"{self.name} at {self.finished_at:%F %T}"


class MarkQuerySet(models.QuerySet["Mark"]):
    def upto(self, name: str) -> int | None:
        """The last row read under this name; None before the first time."""
        return self.filter(name=name).values_list("upto", flat=True).first()

    def reached(self, name: str, upto: int) -> None:
        if not self.filter(name=name).update(upto=upto):
            self.create(name=name, upto=upto)


class Mark(models.Model):
    """How far somebody has read in a table that only grows."""

    name = models.CharField(max_length=64, unique=True)
    upto = models.BigIntegerField()

    objects = MarkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} up to {self.upto}"


class AuditFinding(models.Model):
    """A row that broke a rule when the auditor last looked at it."""

    number = models.CharField(max_length=4)
    about = models.TextField()
    rule = models.TextField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number", "about", "rule"], name="audit_finding_once_a_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.about}: {self.rule}"
