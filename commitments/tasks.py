"""Celery's doors: read the clock, call one function. Each job can be paused by itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from . import checkins, schedules, sweep
from .reports import rolling


@shared_task
def remind_owners() -> int:
    """Reminders: promises whose due time still lies ahead."""
    return sweep.run(timezone.now(), past_due=False).done


@shared_task
def escalate_overdue() -> int:
    """The breach, and the steps after it: promises whose due time has passed."""
    return sweep.run(timezone.now(), past_due=True).done


@shared_task
def send_check_ins() -> int:
    """Check-ins whose time has come: sent, held or dropped."""
    return checkins.run(timezone.now())


@shared_task
def run_schedules() -> int:
    """What is daily or weekly for somebody, and what takes long; and the figures of each day."""
    return schedules.run(timezone.now()) + rolling.run(timezone.now())
