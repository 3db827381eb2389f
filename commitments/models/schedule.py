"""What is daily or weekly for somebody is a due row of ours: beat only says "look"."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from .people import User


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def due(self, now: datetime) -> Self:
        return self.filter(next_at__lte=now)


class Schedule(models.Model):
    """Something done at a local time, every so many days."""

    class What(models.TextChoices):
        HOUSEKEEPING = "housekeeping", "Forget once-only keys that have run out"
        DIGEST = "digest", "What is ahead of somebody today"

    what = models.CharField(max_length=20, choices=What.choices)
    whose = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    zone = models.CharField(max_length=64, default="UTC")
    local_time = models.TimeField()
    every_days = models.PositiveSmallIntegerField(default=1)
    next_at = models.DateTimeField(null=True, blank=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["what", "whose"], name="one_schedule_each"),
            models.UniqueConstraint(
                fields=["what"], condition=Q(whose=None), name="one_schedule_of_the_house"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The schedules job's claim: what is to be run?
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="schedule_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} at {self.local_time:%H:%M} {self.zone}"

    def after(self, now: datetime) -> datetime:
        """The next instant after `now` at this local time; missed ones are not made up for."""
        zone = ZoneInfo(self.zone)
        day = now.astimezone(zone).date()
        at = datetime.combine(day, self.local_time, zone)
        while at <= now:
            day += timedelta(days=max(self.every_days, 1))  # 0 would never arrive
            at = datetime.combine(day, self.local_time, zone)
        return at
