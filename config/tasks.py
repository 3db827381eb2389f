"""The auditor's door: reads the clock, and says that it came round."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from config.audit import rounds
from notifications.models import JobRound


@shared_task(name="audit")
def audit() -> int:
    """Compare what happened since the last time with what should have; answers what is broken."""
    now = timezone.now()
    done = rounds.run(now)
    JobRound.objects.finished("audit", at=now, left_due=int(done.left))
    return done.broken
