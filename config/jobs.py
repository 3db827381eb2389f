"""A job of the schedule that came round says so, for probes, pages and the launcher's watch.

After a round that did something it is counted what it left due; a round that found nothing left
nothing. An idle round is written down every few seconds at most: a pool that ticks costs the
database one small update now and then, and SQLite no write lock in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from celery import Task
from django.db.models import QuerySet
from django.utils import timezone

from commitments.models import CheckIn, Commitment, Import, Relook, Replan, Schedule
from config import beat, clock_steps, heartbeat
from notifications.models import Breaker, Delivery, JobRound

NAMES: Final = {entry["task"]: name for name, entry in beat.SCHEDULE.items()}
IDLE_EVERY: Final = timedelta(seconds=15)
_COUNT_UPTO: Final = 1000

Due = Callable[[datetime], list[QuerySet[Any]]]  # Any: rows of each job


def _messages_left(now: datetime) -> QuerySet[Delivery]:
    """What waits for a channel that rests was not left: nobody may send it."""
    resting = Breaker.objects.filter(opened_at__isnull=False).values("channel")
    return Delivery.objects.filter(attempt_at__lte=now).exclude(channel__in=resting)


# The auditor, who knows what it has not read, writes its own rounds.
_LEFT: Final[dict[str, Due]] = {
    "remind_owners": lambda now: [
        Commitment.objects.filter(next_action_at__lte=now, due_at__gt=now)
    ],
    "escalate_overdue": lambda now: [
        Commitment.objects.filter(next_action_at__lte=now, due_at__lte=now)
    ],
    "send_check_ins": lambda now: [CheckIn.objects.due(now)],
    "deliver_notifications": lambda now: [_messages_left(now)],
    "run_schedules": lambda now: [
        Schedule.objects.due(now),
        Replan.objects.filter(next_at__lte=now),
        Relook.objects.filter(next_at__lte=now),
        Import.objects.due(now),
    ],
}


class Job(Task):  # type: ignore[type-arg]  # generic in its stubs only
    def on_success(
        self, retval: Any, task_id: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Called in the worker after the work is committed."""
        if self.name not in NAMES:
            return
        name, now = NAMES[self.name], timezone.now()
        clock_steps.note(name, now=now)
        if name in _LEFT:
            rounds.came_round(name, did_something=bool(retval), now=now)
        if name == heartbeat.JOB:
            heartbeat.beat(now)


class Rounds:
    """What this process has written down of its idle rounds."""

    def __init__(self, *, idle_every: timedelta = IDLE_EVERY) -> None:
        self._idle_every = idle_every.total_seconds()
        self._written: dict[str, float] = {}

    def came_round(self, name: str, *, did_something: bool, now: datetime) -> None:
        """One update, or none where nothing was due and that was said a moment ago."""
        before = self._written.get(name)
        is_fresh = before is not None and time.monotonic() - before < self._idle_every
        if is_fresh and not did_something:
            return
        left = left_due(name, now=now) if did_something else 0
        JobRound.objects.finished(name, at=now, left_due=left)
        # What was left is looked at again with the next round, whatever that one finds.
        self._written[name] = time.monotonic() if not left else float("-inf")


rounds = Rounds()


def left_due(name: str, *, now: datetime) -> int:
    """How much is due after a round; counted up to a thousand."""
    return sum(rows[:_COUNT_UPTO].count() for rows in _LEFT[name](now))
