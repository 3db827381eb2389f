"""What `manage.py check` says of an environment that works, and not as one might think."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core import checks


def counts_are_shared(**_: Any) -> list[checks.CheckMessage]:  # Any: as Django calls it
    """What several web processes count, each in its own memory, is counted several times."""
    processes = os.environ.get("WEB_PROCESSES", "1")
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
