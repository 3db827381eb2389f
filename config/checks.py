"""What `manage.py check` says of an environment that works, and not as one might think."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from config import environment


def counts_are_shared(**_: Any) -> list[checks.CheckMessage]:  # Any: as Django calls it
    """What several web processes count, each in its own memory, is counted several times."""
    processes = environment.Env().str("WEB_PROCESSES", default="1")
    if processes == "1" or not settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        return []
    return [
        checks.Warning(
            f"Each of {processes} web processes counts by itself who asks how often, so the limits "
            "on signing in, on customers' links and on the API are that many times as wide.",
            hint="Set CACHE_URL to a Redis or Valkey server.",
            id="followthrough.W001",
        )
    ]


def mails_leave(**_: Any) -> list[checks.CheckMessage]:  # Any: as Django calls it
    """Shown at /outbox/ they are taken as sent, which is true of a demonstration alone."""
    if settings.EMBEDDED or settings.EMAIL_URL or settings.NOTIFICATIONS_EMAIL_BACKEND:
        return []
    return [
        checks.Warning(
            "There is no mail server: what is written to customers and colleagues counts as sent "
            "and reaches nobody.",
            hint="Set EMAIL_URL, or EMAIL_BACKEND.",
            id="followthrough.W002",
        )
    ]
