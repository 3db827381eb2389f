"""A job of the schedule that came round says so, for /readyz and for the launcher's watch."""

from __future__ import annotations

from typing import Any

from celery import Task
from django.utils import timezone

from config import beat
from notifications.models import JobRound

NAMES = {entry["task"]: name for name, entry in beat.SCHEDULE.items()}


class Job(Task):  # type: ignore[type-arg]  # generic in its stubs only
    def on_success(
        self, retval: Any, task_id: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Called in the worker after the work is committed."""
        if self.name in NAMES:
            JobRound.objects.update_or_create(
                name=NAMES[self.name], defaults={"finished_at": timezone.now()}
            )
