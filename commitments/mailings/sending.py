"""A schedule has come due: its mail is written, once for the day or the week it belongs to.

The key of the message names that day, so two rounds at once, or one that was killed and begun
again, make one mail. Whoever is away, or not at work on that day, gets it on the first day on which
they are. The schedule follows its person to another zone.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.db.models import prefetch_related_objects

from commitments import digests, messages
from commitments.messages import report
from commitments.messages.report import Sheet
from commitments.models import Schedule, User
from commitments.reports.fresh import fresh_as_of
from commitments.reports.scope import NotFound, ReportError, Scope

from . import asking, weekly
from .choosing import manages
from .sheets import REPORTS


def send(schedule: Schedule, *, now: datetime) -> bool:
    """Send what is due and set the clock; answers whether there was anything to send.

    The caller holds the row, and saves it. One that is not theirs to see any more rests.
    """
    person = schedule.whose
    if person is None:
        raise ValueError("A mail without a reader.")
    schedule.zone = person.zone
    schedule.next_at = schedule.after(now)
    if not person.is_active:
        return False
    day = schedule.day_of(now)
    if day is None or not _is_here(schedule, person, now=now):
        schedule.next_at = schedule.on_any_day(now)
        return False
    prefetch_related_objects([person], "memberships")  # of which every scope asks
    if schedule.what == Schedule.What.WEEKLY:
        return _send_weekly(schedule, person, day, now=now)
    return _send_report(schedule, person, day, now=now)


def _is_here(schedule: Schedule, person: User, *, now: datetime) -> bool:
    """Whoever chose a day for a report wants it on that day, at work or not."""
    is_of_one_day = schedule.what == Schedule.What.REPORT and schedule.weekday is not None
    if is_of_one_day:
        return not digests.is_away(person, now=now)
    today = schedule.today(now)
    return digests.is_at_work(person, today, now=now)


def _send_weekly(schedule: Schedule, person: User, day: date, *, now: datetime) -> bool:
    if not manages(person):
        return False
    scope = Scope.of(person, {}, now)
    sheet = weekly.sheet(scope, now=now)
    if sheet is None:
        return False
    monday = day - timedelta(days=day.weekday())
    key = f"weekly:u{person.pk}:{monday.isoformat()}"
    _enqueue(schedule, person, sheet, scope, key=key, now=now)
    return True


def _send_report(schedule: Schedule, person: User, day: date, *, now: datetime) -> bool:
    name, asked = asking.read(schedule.asks)
    try:
        scope = Scope.of(person, asked, now)
    except (NotFound, ReportError):
        schedule.next_at = None
        return False
    sheet = REPORTS[name].sheet(scope)
    what = hashlib.sha256(schedule.asks.encode()).hexdigest()[:16]
    key = f"report:u{person.pk}:{what}:{day.isoformat()}"
    _enqueue(schedule, person, sheet, scope, key=key, now=now)
    return True


def _enqueue(
    schedule: Schedule, person: User, sheet: Sheet, scope: Scope, *, key: str, now: datetime
) -> None:
    """What was written for this day before stays as it is, and so does whose figures it tells."""
    fresh = fresh_as_of(scope, now)
    message = report.to(person, sheet, schedule=schedule, key=key, fresh=fresh, now=now)
    if messages.send([message], now=now):
        schedule.tells_of(scope.teams, is_own=scope.is_own)
