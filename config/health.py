"""Is it alive, and does work get done? For supervisors, load balancers and the one on call.

`/healthz` touches nothing and says which installation answers. `/readyz` is red (503) when the
database or the broker is away, when something has been due for more than three minutes, or when a
job that nobody paused has not come round for as long.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import OperationalError

from commitments.models import Commitment
from notifications import outbox
from notifications.models import JobRound

TOO_LATE = timedelta(minutes=3)
PATIENCE = {"socket_timeout": 1, "socket_connect_timeout": 1}


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
    status = 503 if troubles else 200
    said = {"status": "trouble" if troubles else "ok", "troubles": troubles, **figures}
    return JsonResponse(said, status=status)


def work(now: datetime) -> tuple[dict[str, object], list[str]]:
    """How long what is due has been due, in seconds, and what that says. Reads the database."""
    oldest = {
        "oldest_due": seconds_since(oldest_due(now), now=now),
        "oldest_delivery": seconds_since(outbox.oldest_waiting(now), now=now),
    }
    rounds = {
        name: seconds_since(finished, now=now)
        for name, finished in JobRound.objects.values_list("name", "finished_at")
    }
    paused = set(PeriodicTask.objects.filter(enabled=False).values_list("name", flat=True))
    limit = TOO_LATE.total_seconds()
    late = [f"{what} is {age:.0f} s old." for what, age in oldest.items() if age and age > limit]
    # A round in the future means that the clock was set back: beat waits until it has caught up.
    absent = [
        f"{name} last came round {age:.0f} s ago."
        for name, age in rounds.items()
        if name not in paused and age is not None and not -limit < age < limit
    ]
    return {**oldest, "rounds": rounds, "paused": sorted(paused)}, late + absent


def oldest_due(now: datetime) -> datetime | None:
    """Since when the promise that has waited longest has been due for work."""
    due = Commitment.objects.filter(next_action_at__lte=now).order_by("next_action_at")
    return due.values_list("next_action_at", flat=True).first()


def seconds_since(moment: datetime | None, *, now: datetime) -> float | None:
    return None if moment is None else round((now - moment).total_seconds(), 3)


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
