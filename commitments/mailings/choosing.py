"""Who gets which report by mail, and when: chosen, listed and stopped by each for themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from django.db import transaction

from commitments.errors import CommitmentError
from commitments.models import Membership, Role, Schedule, User
from commitments.reports.scope import NotFound, ReportError, Scope

from . import asking
from .sheets import REPORTS

MONDAY: Final = 0
EIGHT: Final = time(8)  # so that it has been read at half past
MOST: Final = 20  # of one person


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A report with its choices, and when it is to come: `weekday` None is every working day."""

    report: str
    asked: Mapping[str, str]
    at: time
    weekday: int | None = None

    @property
    def asks(self) -> str:
        return asking.written(self.report, self.asked)


@transaction.atomic
def subscribe(person: User, wish: Wish, *, now: datetime) -> Schedule:
    """From now on, at this time of their own zone. Asked for again, it comes at the new time.

    Raises CommitmentError for what they may not see, or nobody knows: alike.
    """
    if wish.report not in REPORTS:
        raise CommitmentError("There is no such report.")
    try:
        Scope.of(person, wish.asked, now)
    except (NotFound, ReportError):
        raise CommitmentError("There is no such team, colleague or kind here.") from None
    held = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    mine = Schedule.objects.filter(what=Schedule.What.REPORT, whose=held)
    if mine.exclude(asks=wish.asks).count() >= MOST:
        raise CommitmentError(f"You get {MOST} reports already. Stop one of them first.")
    known = mine.filter(asks=wish.asks).first()
    schedule = known or Schedule(what=Schedule.What.REPORT, whose=held, asks=wish.asks)
    schedule.zone, schedule.local_time, schedule.weekday = held.zone, wish.at, wish.weekday
    schedule.next_at = schedule.after(now)
    schedule.save()
    return schedule


def of(person: User) -> Sequence[Schedule]:
    """The reports that somebody asked for, the oldest first."""
    return list(Schedule.objects.filter(what=Schedule.What.REPORT, whose=person).order_by("pk"))


def stop(person: User, pk: int) -> bool:
    """Whether it was theirs to stop. What is on its way is not sent either."""
    mine = Schedule.objects.filter(what=Schedule.What.REPORT, whose=person, pk=pk)
    return mine.delete()[0] > 0


def weekly_of(person: User) -> Schedule | None:
    """The mail of the week: it rests where they do not want it."""
    return Schedule.objects.filter(what=Schedule.What.WEEKLY, whose=person).first()


@transaction.atomic
def choose_weekly(
    person: User, *, at: time | None, weekday: int = MONDAY, now: datetime
) -> Schedule:
    """On this day of the week at this time, or not at all where `at` is None.

    Raises CommitmentError where they manage no team.
    """
    held = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not manages(held):
        raise CommitmentError("The mail of the week is for those who manage a team.")
    schedule = weekly_of(held) or _weekly(held)
    schedule.zone = held.zone
    if at is None:
        schedule.next_at = None
    else:
        schedule.local_time, schedule.weekday = at, weekday
        schedule.next_at = schedule.after(now)
    schedule.save()
    return schedule


@transaction.atomic
def begin_weekly(now: datetime) -> int:
    """Everybody who manages a team and has not chosen gets it; answers how many are new."""
    chose = Schedule.objects.filter(what=Schedule.What.WEEKLY).values("whose")
    managers = Membership.objects.filter(role=Role.MANAGER, team__retired_at=None).values("user")
    new = User.objects.filter(pk__in=managers, is_active=True).exclude(pk__in=chose)
    schedules = [_weekly(person) for person in new.order_by("pk")]
    for schedule in schedules:
        schedule.next_at = schedule.after(now)
    Schedule.objects.bulk_create(schedules, ignore_conflicts=True)
    return len(schedules)


def manages(person: User) -> bool:
    places = Membership.objects.filter(user=person, role=Role.MANAGER)
    return places.filter(team__retired_at=None).exists()


def _weekly(person: User) -> Schedule:
    return Schedule(
        what=Schedule.What.WEEKLY,
        whose=person,
        zone=person.zone,
        local_time=EIGHT,
        weekday=MONDAY,
    )
