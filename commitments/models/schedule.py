"""What is daily or weekly for somebody is a due row of ours: beat only says "look"."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from commitments.rules import wall_clock

from .people import User

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_OWN: Final = "own"


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def due(self, now: datetime) -> Self:
        return self.filter(next_at__lte=now)


class Schedule(models.Model):
    """Something done at a local time: every so many days, or each week on one.

    `weekday` 0 is Monday. `asks` names a report and what was chosen, as in its address:
    "kept?team=3". `told_of` are the teams whose figures it was last sent with, so that these are
    not read by somebody who has left one of them meanwhile. Without `next_at` it rests.
    """

    class What(models.TextChoices):
        HOUSEKEEPING = "housekeeping", "Forget once-only keys that have run out"
        DIGEST = "digest", "What is ahead of somebody today"
        WEEKLY = "weekly", "What a manager needs to know of the week"
        REPORT = "report", "A report that somebody asked for"

    what = models.CharField(max_length=20, choices=What.choices)
    whose = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    asks = models.CharField(max_length=300, blank=True, default="", db_default="")
    zone = models.CharField(max_length=64, default="UTC")
    local_time = models.TimeField()
    every_days = models.PositiveSmallIntegerField(default=1)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    told_of = models.TextField(blank=True, default="", db_default="")

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["what", "whose", "asks"], name="one_schedule_each"),
            models.UniqueConstraint(
                fields=["what"], condition=Q(whose=None), name="one_schedule_of_the_house"
            ),
            models.CheckConstraint(
                condition=Q(weekday=None) | Q(weekday__lt=_WEEK), name="a_week_has_seven_days"
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

    @property
    def about(self) -> str:
        return f"schedule:{self.pk}"

    def after(self, now: datetime) -> datetime:
        """The next instant after `now` at this local time; missed ones are not made up for."""
        today = self.today(now)
        if self.weekday is None:
            every = timedelta(days=max(self.every_days, 1))  # 0 would never arrive
            return self._first_after(now, today, every=every)
        ahead = (self.weekday - today.weekday()) % _WEEK
        return self._first_after(now, today + timedelta(days=ahead), every=timedelta(days=_WEEK))

    def on_any_day(self, now: datetime) -> datetime:
        """The next time that the clock shows this time, whichever day it is."""
        return self._first_after(now, self.today(now), every=_DAY)

    def day_of(self, now: datetime) -> date | None:
        """The local day to which what is done now belongs: the last of its weekday, or today.

        None before today's time, when only what is old can be due.
        """
        today = self.today(now)
        if self._at(today) > now:
            return None
        behind = 0 if self.weekday is None else (today.weekday() - self.weekday) % _WEEK
        return today - timedelta(days=behind)

    def today(self, now: datetime) -> date:
        """In the zone of its reader."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def tells_of(self, teams: Collection[int], *, is_own: bool) -> None:
        """Whose figures go out now: everybody's of these teams, or only the reader's own there."""
        named = [str(team) for team in sorted(teams)]
        self.told_of = " ".join([_OWN, *named] if is_own else named)

    def may_be_read(self, *, member_of: Collection[int], sees_all_of: Collection[int]) -> bool:
        """Whether what it told of last is still for somebody who belongs to these teams."""
        named = self.told_of.split()
        theirs = member_of if _OWN in named else sees_all_of
        return {int(team) for team in named if team != _OWN} <= set(theirs)

    def _at(self, day: date) -> datetime:
        return wall_clock.instant_of(datetime.combine(day, self.local_time), ZoneInfo(self.zone))

    def _first_after(self, now: datetime, day: date, *, every: timedelta) -> datetime:
        while (at := self._at(day)) <= now:
            day += every
        return at
