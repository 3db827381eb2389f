"""A restored installation stands still until somebody has looked.

Every job is paused in beat's own table, where a pause survives restarts, and every message that was
on its way is in doubt. The pause says why; one that an operator had set before keeps its own words
and stays when the restore is released.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django_celery_beat.models import PeriodicTask, PeriodicTasks
from django_celery_beat.schedulers import ModelEntry

from config import beat
from config.awake import RESTORED
from notifications.delivery import restoring


@transaction.atomic
def stand_still(now: datetime) -> Mapping[str, int]:
    """Pause every job, and doubt every message that has not ended; answers how many by audience.

    Again is the same again: whatever is on its way by then is in doubt, too.
    """
    for name, entry in beat.SCHEDULE.items():
        if not PeriodicTask.objects.filter(name=name).exists():
            ModelEntry.from_entry(name, **entry)
    running = PeriodicTask.objects.filter(name__in=beat.SCHEDULE, enabled=True)
    running.update(enabled=False, description=RESTORED)
    PeriodicTasks.update_changed()
    return restoring.doubt_everything(now)


def paused() -> list[str]:
    """The jobs that wait for a release."""
    waiting = PeriodicTask.objects.filter(enabled=False, description=RESTORED)
    return sorted(waiting.values_list("name", flat=True))


@transaction.atomic
def start_again(names: Collection[str]) -> int:
    """Let these jobs go on, as far as it was the restore that paused them; answers how many."""
    waiting = PeriodicTask.objects.filter(enabled=False, description=RESTORED, name__in=names)
    count = int(waiting.update(enabled=True, description=""))
    PeriodicTasks.update_changed()
    return count
