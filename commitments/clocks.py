"""Clocks that stand further ahead than they may: the machine's clock was set back.

What follows from facts is left alone, because the agenda would say the same again. Healed is only
what was put off by a length from a `now` that has turned out to lie in the future; being looked at
too early does no harm to any of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from . import lengths
from .models import CheckIn, Commitment, Relook, Replan, Schedule
from .models.checkin import State


def heal(now: datetime) -> int:
    """Let all of them come due, or due at their next proper time; answers how many."""
    figures = lengths.current()
    latest = now + figures.put_off
    put_off = Commitment.objects.filter(next_action="put_off", next_action_at__gt=latest)
    held = CheckIn.objects.filter(state=State.HELD, send_at__gt=now + figures.cooldown)
    re_plans = Replan.objects.filter(next_at__gt=latest)
    relooks = Relook.objects.filter(next_at__gt=latest)
    return (
        put_off.update(next_action_at=now)
        + held.update(send_at=now)
        + re_plans.update(next_at=now)
        + relooks.update(next_at=now)
        + _heal_schedules(now)
    )


def _heal_schedules(now: datetime) -> int:
    """One that is daily is never more than a day ahead, and an hour where summer time ends; a
    weekly one a week.
    """
    healed = 0
    for schedule in Schedule.objects.filter(next_at__gt=now + timedelta(days=1, hours=2)):
        days = max(schedule.every_days, 1) if schedule.weekday is None else 7
        longest = timedelta(days=days, hours=2)
        if schedule.next_at is not None and schedule.next_at > now + longest:
            schedule.next_at = schedule.after(now)
            schedule.save(update_fields=["next_at"])
            healed += 1
    return healed
