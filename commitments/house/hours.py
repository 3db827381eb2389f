"""Opening hours and holidays. An edit moves no promised time, and lays the clocks anew.

A holiday that has a part in a promise, or that has passed, stays: reports count working time by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet

from commitments.errors import CommitmentError
from commitments.models import Calendar, Holiday, OpeningHours, Team
from commitments.policies import calendars, looking_again
from commitments.rules import saying, wall_clock, words
from commitments.rules.business_time import Hours, NeverOpen, Span

from . import seen

_A_DAY = timedelta(days=1)
MOST_DAYS = 400  # kept at once


@dataclass(frozen=True, kw_only=True)
class Week:
    """A calendar as it is to be. `weekly`: the spans of each weekday, Monday first."""

    name: str
    zone: str
    weekly: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Day:
    """A dated exception: other spans than usual, or none (closed)."""

    on: date
    name: str
    spans: tuple[Span, ...] = ()


def mark(calendar: Calendar) -> str:
    """Of what can be edited on a calendar's page."""
    return seen.mark(calendar.name, calendar.zone, calendar.hours().weekly)


def mark_of_day(holiday: Holiday) -> str:
    return seen.mark(holiday.on, holiday.name, holiday.spans)


def would_be(calendar: Calendar, week: Week) -> Hours:
    """The hours that an edit would put in force. Raises CommitmentError."""
    hours = Hours(zone=_zone(week.zone), weekly=week.weekly, exceptions=calendar.hours().exceptions)
    return _opens(hours)


def checked(week: Week) -> Hours:
    """The hours of a week that is new. Raises CommitmentError."""
    return _opens(Hours(zone=_zone(week.zone), weekly=week.weekly))


def with_days(hours: Hours, days: Iterable[Day]) -> Hours:
    """The hours with these exceptions as well. Raises CommitmentError."""
    spans: Mapping[date, tuple[Span, ...]] = {day.on: day.spans for day in days}
    return replace(hours, exceptions={**hours.exceptions, **spans})


@transaction.atomic
def make(week: Week) -> Calendar:
    hours = checked(week)
    calendar = Calendar(name=_name(week), zone=hours.zone)
    _save(calendar)
    _write(calendar, hours)
    return calendar


@transaction.atomic
def edit(calendar_id: int, week: Week, *, seen_mark: str, now: datetime) -> Calendar:
    """Put these hours in force. Raises Changed or CommitmentError, and changes nothing then."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    seen.check(mark(calendar), seen=seen_mark, what="these hours")
    before, hours = calendar.hours(), would_be(calendar, week)
    calendar.name, calendar.zone = _name(week, of=calendar), hours.zone
    _save(calendar)
    if hours != before:
        OpeningHours.objects.filter(calendar=calendar).delete()
        _write(calendar, hours)
        looking_again.look_again(_teams_of([calendar.pk]), now=now)
    return calendar


@transaction.atomic
def delete(calendar_id: int) -> None:
    """Only hours that nobody has."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    try:
        calendar.delete()
    except ProtectedError:
        raise CommitmentError(
            f"{calendar} are somebody's hours. Give those teams and people others first."
        ) from None


@transaction.atomic
def add_days(calendar_ids: Collection[int], days: Sequence[Day], *, now: datetime) -> int:
    """Keep these exceptions in each calendar; a day that has one already keeps it.

    Answers how many were added. Raises CommitmentError.
    """
    held = Calendar.objects.select_for_update().filter(pk__in=calendar_ids).order_by("pk")
    named = [replace(day, name=_name_of_day(day)) for day in _checked_days(days)]
    added, changed = 0, []
    for calendar in held:
        there = set(calendar.holidays.values_list("on", flat=True))
        new = [day for day in named if day.on not in there]
        with_days(calendar.hours(), new)
        Holiday.objects.bulk_create(_holiday(calendar, day) for day in new)
        added += len(new)
        changed += [calendar.pk] if new else []
    looking_again.look_again(_teams_of(changed), now=now)
    return added


@transaction.atomic
def edit_day(holiday_id: int, day: Day, *, seen_mark: str, now: datetime) -> Holiday:
    """Another name, or other hours on that day; its date stays."""
    holiday = _held_day(holiday_id)
    seen.check(mark_of_day(holiday), seen=seen_mark, what="this day")
    (one,) = _checked_days([replace(day, on=holiday.on)])
    with_days(holiday.calendar.hours(), [one])
    spans = [list(span) for span in one.spans]
    has_other_hours = holiday.spans != spans
    holiday.name, holiday.spans = _name_of_day(one), spans
    holiday.save(update_fields=["name", "spans"])
    if has_other_hours:
        looking_again.look_again(_teams_of([holiday.calendar_id]), now=now)
    return holiday


@transaction.atomic
def remove_day(holiday_id: int, *, now: datetime) -> None:
    """Refused while a promise was counted by it, and once it has come."""
    holiday = _held_day(holiday_id)
    if why := why_it_stays(holiday, now=now):
        raise CommitmentError(why)
    holiday.delete()
    looking_again.look_again(_teams_of([holiday.calendar_id]), now=now)


def why_it_stays(holiday: Holiday, *, now: datetime) -> str:
    """A sentence, or nothing where it may be taken out."""
    calendar = holiday.calendar
    if holiday.on <= calendar.today(now):
        return f"{holiday.name} has come: reports count working time by it. It stays."
    found = touched_by(calendar, _without(calendar.hours(), holiday.on), holiday.on)
    if not found.count:
        return ""
    count = saying.sentence_case(saying.say_count(found.count, "open promise"))
    were = "was" if found.count == 1 else "were"
    return (
        f"{count} {were} counted by {holiday.name}. It stays until they are closed; its hours can"
        " be changed."
    )


def touched_by(calendar: Calendar, hours: Hours, *days: date) -> calendars.Differences:
    """The open promises that would be due at another time, were these days so.

    Only what was promised before such a day ended, and is due after it began, can be touched.
    """
    zone = ZoneInfo(calendar.zone)
    first = wall_clock.midnight(min(days), zone)
    last = wall_clock.midnight(max(days) + _A_DAY, zone)
    return calendars.what_would_differ(calendar, hours, due_from=first, made_before=last)


def _without(hours: Hours, on: date) -> Hours:
    return replace(hours, exceptions={day: s for day, s in hours.exceptions.items() if day != on})


def _held_day(holiday_id: int) -> Holiday:
    """The calendar is held: its days change one after the other."""
    calendar = Calendar.objects.filter(holidays=holiday_id)
    list(calendar.select_for_update(of=("self",)).values_list("pk"))
    return Holiday.objects.select_related("calendar").get(pk=holiday_id)


def _checked_days(days: Sequence[Day]) -> Sequence[Day]:
    if len(days) > MOST_DAYS:
        raise CommitmentError(f"Keep at most {MOST_DAYS} days at once.", field="days")
    if len({day.on for day in days}) != len(days):
        raise CommitmentError("One day is named twice. Give each once.", field="days")
    return days


def _name_of_day(day: Day) -> str:
    return words.clean(day.name, what="The name", limit=120, field="name")


def _holiday(calendar: Calendar, day: Day) -> Holiday:
    spans = [list(span) for span in day.spans]
    return Holiday(calendar=calendar, on=day.on, name=day.name, spans=spans)


def _opens(hours: Hours) -> Hours:
    if not any(hours.weekly):
        raise NeverOpen(
            "A week without a single open hour: no working time would ever pass. Give at least"
            " one day its hours.",
            field="monday",
        )
    return hours


def _zone(name: str) -> str:
    try:
        return wall_clock.zone_named(name.strip()).key
    except CommitmentError as no:
        raise CommitmentError(str(no), field="zone") from no


def _name(week: Week, *, of: Calendar | None = None) -> str:
    name = words.clean(week.name, what="The name", limit=120, field="name")
    others = Calendar.objects.exclude(pk=of.pk) if of else Calendar.objects.all()
    if others.filter(name__iexact=name).exists():
        raise _taken(name)
    return name


def _taken(name: str) -> CommitmentError:
    return CommitmentError(f"There are hours called {name} already.", field="name")


def _save(calendar: Calendar) -> None:
    try:
        with transaction.atomic():
            calendar.save()
    except IntegrityError:
        raise _taken(calendar.name) from None


def _write(calendar: Calendar, hours: Hours) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=calendar, weekday=weekday, opens=opens, closes=closes)
        for weekday, spans in enumerate(hours.weekly)
        for opens, closes in spans
    )


def _teams_of(calendar_ids: Collection[int]) -> QuerySet[Team]:
    return Team.objects.filter(calendar__in=calendar_ids)
