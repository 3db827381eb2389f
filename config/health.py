"""Is it alive, and does work get done? For supervisors, load balancers and the one on call.

`/healthz` touches nothing and says which installation answers. `/readyz` is red (503) when the
database or the broker is away, when something has been due for more than three minutes, when a job
that nobody paused has not come round for as long (or for two of its periods, where those are
longer), when our own account is refused by a channel or nobody has answered there for a quarter of
an hour, when the auditor has found something, when all is paused after a restore, or when an
embedded installation runs out of disk.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from celery import current_app
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from config import awake

PATIENCE: Final = {"socket_timeout": 1, "socket_connect_timeout": 1}
DISK_LEFT: Final = 200 * 1024 * 1024  # bytes; below it SQLite and the broker's log soon fail


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok", "instance": settings.INSTANCE_ID})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    now = timezone.now()
    troubles: list[str] = []
    figures: dict[str, object] = {}
    try:
        figures, troubles = work(now)
    except DatabaseError:
        troubles = ["The database does not answer."]
    if not broker_answers():
        troubles.append("The broker does not answer: reminders wait until it is back.")
    troubles += short_of_disk()
    status = 503 if troubles else 200
    said = {"status": "trouble" if troubles else "ok", "troubles": troubles, **figures}
    return JsonResponse(said, status=status)


def work(now: datetime) -> tuple[dict[str, object], list[str]]:
    """How long what is due has been due, in seconds, and what that says. Reads the database."""
    state = awake.look(now)
    figures: dict[str, object] = {
        "due_for": {
            clock: seconds_since(since, now=now) for clock, since in state.due_since.items()
        },
        "rounds": {name: seconds_since(seen.at, now=now) for name, seen in state.rounds.items()},
        "paused": sorted(state.paused),
    }
    return figures, list(awake.troubles(state))


def seconds_since(moment: datetime, *, now: datetime) -> float:
    return round((now - moment).total_seconds(), 3)


def broker_answers() -> bool:
    """Whether a wake-up could be sent now; waits two seconds at most."""
    given = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    options = {name: PATIENCE.get(name, value) for name, value in given.items()}
    with current_app.connection_for_write(transport_options=options) as line:
        try:
            line.ensure_connection(max_retries=1, timeout=2)
        except (OperationalError, OSError):
            return False
    return True


def short_of_disk(least: int = DISK_LEFT) -> Iterator[str]:
    """Only an embedded installation has its data beside the web process."""
    if not settings.EMBEDDED:
        return
    left = shutil.disk_usage(settings.VAR_DIR).free
    if left < least:
        yield f"Only {left // (1024 * 1024)} MB are left on the disk of {settings.VAR_DIR.name}/."
