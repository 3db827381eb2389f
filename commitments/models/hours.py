"""When a team is at work. The arithmetic lives in `rules.business_time`."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, TypeAlias, cast
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, Value

from commitments.rules import business_time
from commitments.rules.business_time import Hours, Span

# A calendar that never opens has a single one of these, joined to nothing.
_Opening: TypeAlias = tuple[int | None, int, int]
_Spans: TypeAlias = Iterable[Iterable[int]]  # as a holiday keeps them


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def hours_of(self, calendars: Collection[int]) -> dict[int, Hours]:
        """The hours of these calendars, by their ids; one query, however many."""
        zones: dict[int, str] = {}
        weeks: dict[int, list[_Opening]] = defaultdict(list)
        days: dict[int, dict[date, _Spans]] = defaultdict(dict)
        for pk, zone, weekday, opens, closes, on, spans in self._rows_of(calendars):
            if on is not None:
                days[pk][on] = spans
            else:
                zones[pk] = zone
                weeks[pk].append((weekday, opens, closes))
        return {pk: hours_from(zone, weeks[pk], days[pk]) for pk, zone in zones.items()}

    def _rows_of(self, calendars: Collection[int]) -> Iterable[tuple[Any, ...]]:  # Any: columns
        """Opening hours and dated exceptions, one below the other."""
        opening = ("opening_hours__weekday", "opening_hours__opens", "opening_hours__closes")
        no_number, no_day = Value(None, models.IntegerField()), Value(None, models.DateField())
        no_spans = Value(None, models.JSONField())
        week: Any = self.filter(pk__in=calendars).order_by()  # Any: rows of `values_list`, as below
        dated: Any = Holiday.objects.filter(calendar__in=calendars).order_by()
        return cast(
            "Iterable[tuple[Any, ...]]",
            week.values_list("pk", "zone", *opening, no_day, no_spans).union(
                dated.values_list("calendar", Value(""), *[no_number] * 3, "on", "spans"), all=True
            ),
        )

    def in_use(self) -> CalendarQuerySet:
        """Those that a team in use goes by."""
        return self.filter(teams__retired_at=None, teams__isnull=False).distinct().order_by("pk")


class Calendar(models.Model):
    """A working week in one IANA zone, with its holidays and dated exceptions."""

    name = models.CharField(max_length=120, unique=True)
    zone = models.CharField(max_length=64)

    objects = CalendarQuerySet.as_manager()
    known_hours: Hours | None = None  # where they were read with it

    def __str__(self) -> str:
        return self.name

    def today(self, now: datetime) -> date:
        """The day that it is there."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def hours(self) -> Hours:
        """This calendar as a frozen value. Reads the prefetched rows where there are any."""
        if self.known_hours is not None:
            return self.known_hours
        opening = self.opening_hours.all()
        week = [(row.weekday, row.opens, row.closes) for row in opening]
        return hours_from(self.zone, week, {day.on: day.spans for day in self.holidays.all()})


class Relook(models.Model):
    """The open promises of a team whose clocks other hours laid, to be looked at again, a batch at
    a time.
    """

    team = models.ForeignKey("commitments.Team", models.CASCADE, related_name="relooks")
    asked_at = models.DateTimeField()
    # Promises up to this one are done: a batch that died is begun again after the last that held.
    done_upto = models.BigIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(next_at=None, finished_at__isnull=False)
                | Q(next_at__isnull=False, finished_at=None),
                name="relook_has_a_clock_until_it_is_finished",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The schedules job's claim: whose promises are to be looked at again?
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="relook_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"open promises of {self.team}"


class OpeningHours(models.Model):
    """One span of one weekday, in whole minutes after local midnight; 1440 is 24:00."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)])
    opens = models.PositiveSmallIntegerField(validators=[MaxValueValidator(1439)])
    closes = models.PositiveSmallIntegerField(validators=[MaxValueValidator(1440)])

    class Meta:
        verbose_name = verbose_name_plural = "opening hours"
        ordering: ClassVar[list[str]] = ["weekday", "opens"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")) & Q(closes__lte=1440) & Q(weekday__lte=6),
                name="opening_hours_run_forward",
            ),
        ]

    def __str__(self) -> str:
        span = f"{business_time.clock_of(self.opens)} to {business_time.clock_of(self.closes)}"
        return f"{calendar.day_name[self.weekday]}, {span}"


class Holiday(models.Model):
    """A dated exception: other spans than usual, or none (closed)."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="holidays")
    on = models.DateField()
    spans = models.JSONField(default=list, blank=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar[list[str]] = ["on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["calendar", "on"], name="one_exception_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.on}"


def hours_from(zone: str, week: Iterable[_Opening], days: Mapping[date, _Spans]) -> Hours:
    """Of (weekday, opens, closes) in any order, and the spans of single dates."""
    weekly: list[list[Span]] = [[] for _ in range(7)]
    for weekday, opens, closes in week:
        if weekday is not None:
            weekly[weekday].append((opens, closes))
    return Hours(
        zone=zone,
        weekly=tuple(tuple(sorted(spans)) for spans in weekly),
        exceptions={
            on: tuple((opens, closes) for opens, closes in spans) for on, spans in days.items()
        },
    )
