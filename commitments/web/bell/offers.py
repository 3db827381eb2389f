"""To when a reminder can be put off with one press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from commitments.errors import CommitmentError
from commitments.models import Calendar, Membership, User
from commitments.rules.business_time import Hours

_LATER = timedelta(hours=3)
_QUARTER = timedelta(minutes=15)
_MORNING = time(9)
_EVENING = time(20)  # after that, later today is no time for work


@dataclass(frozen=True, kw_only=True)
class Offer:
    name: str
    label: str
    at: datetime


def of(user: User, *, now: datetime) -> list[Offer]:
    """Later today while there is one, tomorrow morning, and the next working day."""
    return list(_offers(hours_of(user), zone=user.zone, now=now))


def hours_of(user: User) -> Hours | None:
    """By which this person works: their own calendar, or the one of their first team."""
    place = Membership.objects.filter(user=user).order_by("pk").first()
    if place is None:
        return None
    calendars = Calendar.objects.filter(teams__memberships=place)
    if place.calendar_id is not None:
        calendars = Calendar.objects.filter(pk=place.calendar_id)
    calendar = calendars.first()
    return calendar.hours() if calendar else None


def _offers(hours: Hours | None, *, zone: str, now: datetime) -> Iterator[Offer]:
    local = now.astimezone(ZoneInfo(zone))
    later = _on_the_quarter(local + _LATER)
    if later.date() == local.date() and later.time() <= _EVENING:
        yield Offer(name="today", label="Later today", at=later)
    tomorrow = local.date() + timedelta(days=1)
    morning = datetime.combine(tomorrow, _MORNING, ZoneInfo(zone))
    yield Offer(name="tomorrow", label="Tomorrow morning", at=morning)
    opens = _next_working_day(hours, after=local)
    if opens is not None:
        yield Offer(name="working-day", label="Next working day", at=opens)


def _on_the_quarter(at: datetime) -> datetime:
    whole = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    return whole if whole == at else whole + _QUARTER


def _next_working_day(hours: Hours | None, *, after: datetime) -> datetime | None:
    """When it opens; None where nobody ever works."""
    if hours is None:
        return None
    place = ZoneInfo(hours.zone)
    tomorrow = after.astimezone(place).date() + timedelta(days=1)
    try:
        return hours.next_open(datetime.combine(tomorrow, time.min, place))
    except CommitmentError:
        return None
