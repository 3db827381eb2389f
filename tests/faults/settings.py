"""The settings of the processes that are killed: ours, with every length shrunk to seconds.

What a single test wants otherwise it gives in the environment, as a JSON object, in FAULTS.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from config import settings as ours
from config.settings import *  # noqa: F403


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


# One line each, so that a test can say exactly which message was in doubt; the storm has more.
SENDERS = int(os.environ.get("SENDERS", "1"))
ASKED: dict[str, Any] = json.loads(os.environ.get("FAULTS", "{}"))

_SHORT: dict[str, Any] = {
    "lease": seconds(3),
    "margin": seconds(0.5),
    "round": seconds(4),
    "conversation": seconds(1.5),
    "connect": seconds(1),
    # Longer at last than a lease: what lies further ahead is taken for a clock set back.
    "retries": (seconds(0.5), seconds(1), seconds(4)),
    "repeat_after": seconds(1.5),
    "unreachable": seconds(0.5),
    "refused": seconds(1),
    "gather": seconds(1),
    "unknown_for": seconds(0),
}
_SHORT |= {
    name: tuple(map(seconds, value)) if isinstance(value, list) else seconds(value)
    for name, value in ASKED.get("lengths", {}).items()
}
NOTIFICATIONS_LENGTHS = _SHORT
COMMITMENTS_LENGTHS = {"undo": seconds(0), "min_gap": seconds(1), "put_off": seconds(2)}
# One program stands for many here, and asks as fast as it can.
COMMITMENTS_LENGTHS |= {"api_calls_a_minute": 100_000, "api_changes_a_minute": 100_000}

CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": seconds(ASKED.get("tick", 1))}
    for name, entry in ours.CELERY_BEAT_SCHEDULE.items()
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_BROKER_TRANSPORT_OPTIONS = ours.CELERY_BROKER_TRANSPORT_OPTIONS | ASKED.get("broker", {})

if "clock" in ASKED:  # the clock on the wall of this process, wrong by so many seconds
    there = datetime.now(UTC) + seconds(ASKED["clock"])
    time_machine.travel(there, tick=True).start()
