"""Kinds of promises: their usual words, their usual deadline and what follows them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models

from commitments.rules import steps
from commitments.rules.business_time import Hours

from .policy import Policy, PolicyVersion


class KindQuerySet(models.QuerySet["Kind"]):
    def in_use(self) -> KindQuerySet:
        return self.filter(retired_at=None).order_by("name")

    def for_customers(self) -> KindQuerySet:
        """What people choose among: not what a team promises itself."""
        return self.in_use().filter(for_customers=True)

    def of_our_own(self) -> KindQuerySet:
        """What a team promises itself: no customer waits for word of it."""
        return self.filter(for_customers=False)


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
    has_value = models.BooleanField(default=False, db_default=False)
    for_customers = models.BooleanField(default=True, db_default=True)
    summary_on = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def policy_version(self, *, urgent: bool) -> PolicyVersion:
        """What a promise of this kind stands under, if it is made now."""
        variant = self.policy.urgent_variant if urgent else None
        return (variant or self.policy).latest()

    def usual_due(self, start: datetime, *, hours: Hours) -> datetime:
        """When a promise of this kind is usually due, if made at `start`."""
        return self.usual_steps(start, hours=hours)[-1].ends_at

    def usual_steps(self, start: datetime, *, hours: Hours) -> steps.Chain:
        """The same, with the steps that lead there."""
        if self.usual_basis == self.Basis.WORKING_HOURS:
            return hours.walk(start, timedelta(hours=self.usual_length))
        if self.usual_basis == self.Basis.HOURS:
            return steps.elapsed(start, timedelta(hours=self.usual_length), zone=hours.zone)
        if self.usual_basis == self.Basis.WORKING_DAYS:
            return self._steps_in_working_days(start, hours=hours)
        return self._steps_in_days(start, hours=hours)

    def _steps_in_working_days(self, start: datetime, *, hours: Hours) -> steps.Chain:
        days = self.usual_length
        if hours.closing(start, days) <= start:  # due the same day, and that day is over
            days += 1
        with suppress(steps.WrongSteps):  # due the same day, and that hour has passed
            if self.usual_hour is not None:
                chain = hours.walk_days(start, days, clock=self.usual_hour)
                if chain[-1].ends_at > start:
                    return chain
        return hours.walk_days(start, days)

    def _steps_in_days(self, start: datetime, *, hours: Hours) -> steps.Chain:
        """The kind's hour on that local day, unless it has none or it would not lie ahead."""
        zone, days = hours.zone, self.usual_length
        wall = start.astimezone(ZoneInfo(zone)) + timedelta(days=days)  # the same time on that day
        on = wall.date()
        with suppress(steps.WrongSteps):
            if self.usual_hour is not None:
                chain = steps.on_the_wall(start, on, self.usual_hour, zone=zone, days=days)
                if chain[-1].ends_at > start:
                    return chain
        return steps.on_the_wall(start, on, wall.time(), zone=zone, days=days)
