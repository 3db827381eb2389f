"""The morning digest: one message on a working day, at a time of one's own choosing.

It is made for the local day it belongs to. After an outage it still comes on its day, and days that
were missed are not made up for. With nothing to say, and while somebody is away, there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from commitments.models.people import LEADING

from . import messages
from .messages import digest
from .models import Absence, Calendar, Commitment, Membership, Schedule, User
from .models.commitment import CommitmentQuerySet
from .rules import wall_clock

_MOST = 10  # lines under a heading; the rest is a number


class Choices:
    """Who gets a digest, and when; the page about messages asks and tells."""

    def at(self, user_id: int) -> time | None:
        """The local time of this person's digest; None where they get none."""
        mine = Schedule.objects.filter(what=Schedule.What.DIGEST, whose=user_id)
        return mine.values_list("local_time", flat=True).first()

    @transaction.atomic
    def choose(self, user_id: int, *, at: time | None, now: datetime) -> None:
        """From now on at this time of their own zone, or never."""
        person = User.objects.select_for_update(no_key=True).get(pk=user_id)
        Schedule.objects.filter(what=Schedule.What.DIGEST, whose=person).delete()
        if at is not None:
            schedule = Schedule(
                what=Schedule.What.DIGEST, whose=person, zone=person.zone, local_time=at
            )
            schedule.next_at = schedule.after(now)
            schedule.save()


choices = Choices()


def send(schedule: Schedule, *, now: datetime) -> bool:
    """Say what is ahead of somebody today; answers whether there was anything to say.

    The schedule follows its person to another zone.
    """
    person = schedule.whose
    if person is None or not person.is_active:
        return False
    schedule.zone = person.zone
    day = _day_of(schedule, now=now)
    if day is None or not is_at_work(person, day, now=now):
        return False
    parts = list(_parts(person, day, now=now))
    if parts:
        messages.send([digest.to(person, parts, day=day, now=now)], now=now)
    return bool(parts)


def _day_of(schedule: Schedule, *, now: datetime) -> date | None:
    """The local day whose digest is due; None before today's time, when only an old one is."""
    zone = ZoneInfo(schedule.zone)
    today = now.astimezone(zone).date()
    planned = wall_clock.instant_of(datetime.combine(today, schedule.local_time), zone)
    return today if planned <= now else None


def is_away(person: User, *, now: datetime) -> bool:
    return Absence.objects.filter(user=person, starts_at__lte=now, ends_at__gt=now).exists()


def is_at_work(person: User, day: date, *, now: datetime) -> bool:
    """Whether this is a working day of theirs, by any calendar they work by, and they are here."""
    if is_away(person, now=now):
        return False
    memberships = Membership.objects.filter(user=person).select_related("team")
    calendars = {each.calendar_id or each.team.calendar_id for each in memberships}
    known = Calendar.objects.filter(pk__in=calendars)
    hours = [each.hours() for each in known.prefetch_related("opening_hours", "holidays")]
    return not hours or any(each.closing_on(day) is not None for each in hours)


def _parts(person: User, day: date, *, now: datetime) -> Iterator[digest.Part]:
    """Their own day, and the silence in their teams; as many queries for a thousand as for one."""
    mine = Commitment.objects.visible_to(person).owned_by(person)
    ends_at = wall_clock.midnight(day + timedelta(days=1), ZoneInfo(person.zone))
    sections: Sequence[tuple[str, CommitmentQuerySet]] = (
        ("Overdue and not told", mine.not_told(now)),
        ("Overdue", mine.told(now)),
        ("Due today", mine.due_between(now, ends_at)),
        ("Waiting for an answer", mine.waiting()),
    )
    for heading, promises in sections:
        yield from _part(heading, promises)
    watched = Membership.objects.filter(user=person, role__in=LEADING).values("team")
    silent = Commitment.objects.filter(team__in=watched).not_told(now).exclude(owner=person)
    yield from _part("Not told in the team", silent, names_owner=True)


def _part(
    heading: str, promises: CommitmentQuerySet, *, names_owner: bool = False
) -> Iterator[digest.Part]:
    count = promises.count()
    if count:
        first = promises.select_related("customer", "owner").order_by("due_at", "pk")[:_MOST]
        yield digest.Part(
            heading=heading, promises=list(first), count=count, names_owner=names_owner
        )
