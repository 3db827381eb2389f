"""The schedule, as data: when to look for what is due.

Only short intervals, never an hour of the day and never an entry per promise: what is due is a row
of ours, and beat says no more than "look". A tick that nobody took expires; the next says the same.

Beat copies these into its tables at every start. A pause (`enabled`) set there by an operator
stays; a timing edited there does not; an entry removed here stays there until
`manage.py sync_schedule --apply` takes it out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict


class Options(TypedDict):
    expire_seconds: int  # the database scheduler drops `expires` without a word


class Entry(TypedDict):
    task: str
    schedule: timedelta
    options: Options


def _every(seconds: int, task: str) -> Entry:
    # The expiry is far longer than the interval, so that two machines may disagree about the time.
    return {
        "task": task,
        "schedule": timedelta(seconds=seconds),
        "options": {"expire_seconds": 60},
    }


SCHEDULE: dict[str, Entry] = {
    "remind_owners": _every(10, "commitments.tasks.remind_owners"),
    "escalate_overdue": _every(10, "commitments.tasks.escalate_overdue"),
    "send_check_ins": _every(30, "commitments.tasks.send_check_ins"),
    "deliver_notifications": _every(5, "deliver_notifications"),
    "run_schedules": _every(30, "commitments.tasks.run_schedules"),
    "audit": _every(300, "audit"),
}
