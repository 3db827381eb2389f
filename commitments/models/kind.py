"""Kinds of promises: their usual words, their usual deadline and what follows them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models

from commitments.rules.business_time import Hours

from .policy import Policy


class KindQuerySet(models.QuerySet["Kind"]):
    def in_use(self) -> KindQuerySet:
        return self.filter(retired_at=None).order_by("name")


class Kind(models.Model):
    """A change applies to new promises only."""

    class Basis(models.TextChoices):
        WORKING_DAYS = "working_days", "working days"
        WORKING_HOURS = "working_hours", "working hours"
        DAYS = "days", "days"
        HOURS = "hours", "hours"

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    keywords = models.JSONField(default=list, blank=True)
    usual_wording = models.CharField(max_length=200)
    usual_length = models.PositiveSmallIntegerField()
    usual_basis = models.CharField(max_length=14, choices=Basis.choices)
    usual_hour = models.TimeField(
        null=True, blank=True, help_text="Empty: the end of the working day."
    )
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="kinds")
    needs_evidence = models.BooleanField(default=False)
    check_in_after = models.PositiveSmallIntegerField(default=3, help_text="Working days.")
    inform_every = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Working days between updates to the customer."
    )
    nudge_after = models.PositiveSmallIntegerField(default=2, help_text="Working days.")
    summary_on = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def usual_due(self, start: datetime, *, hours: Hours) -> datetime:
        """When a promise of this kind is usually due, if made at `start`."""
        if self.usual_basis == self.Basis.WORKING_HOURS:
            return hours.add(start, timedelta(hours=self.usual_length))
        if self.usual_basis == self.Basis.HOURS:
            return start + timedelta(hours=self.usual_length)
        if self.usual_basis == self.Basis.WORKING_DAYS:
            closing = hours.closing(start, self.usual_length)
            if closing <= start:  # due the same day, and that day is over
                closing = hours.closing(start, self.usual_length + 1)
            return self._at_usual_hour(closing, start=start, hours=hours) or closing
        day = start + timedelta(days=self.usual_length)
        return self._at_usual_hour(day, start=start, hours=hours) or day

    def _at_usual_hour(self, day: datetime, *, start: datetime, hours: Hours) -> datetime | None:
        """The kind's hour on that local day, unless it has none or it would not lie ahead."""
        if self.usual_hour is None:
            return None
        zone = ZoneInfo(hours.zone)
        at = datetime.combine(day.astimezone(zone).date(), self.usual_hour, zone)
        return at if at > start else None
