"""One calm sentence on every staff page when reminders may be late, and what that means.

Computed at most every few seconds in each process, so that a page costs no query for it. It says
nothing that only an operator understands.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from config import awake
from config.awake import State

EVERY: Final = timedelta(seconds=15)

_LOOKS_FOR: Final = {
    "remind_owners": "Reminders may be late: nobody has looked for due promises",
    "escalate_overdue": "Reminders may be late: nobody has looked for overdue promises",
    "deliver_notifications": "Messages may be late: nobody has sent what is due",
    "send_check_ins": "Check-ins may be late: nobody has looked for them",
    "run_schedules": "Daily messages may be late: nobody has looked for them",
}
_WAITS: Final = {
    "commitments": "Reminders may be late: the oldest has been due",
    "deliveries": "Messages may be late: the oldest has been due",
    "check-ins": "Check-ins may be late: the oldest has been due",
    "schedules": "Daily messages may be late: the oldest has been due",
    "re-plans": "A changed policy is not yet in force everywhere: it has been due",
    "relooks": "Changed hours are not yet in force everywhere: they have been due",
}
_SWITCHED_OFF: Final = {
    "commitments": ("Reminders", {"remind_owners", "escalate_overdue"}),
    "deliveries": ("Messages", {"deliver_notifications"}),
    "check-ins": ("Check-ins", {"send_check_ins"}),
    "schedules": ("Daily messages", {"run_schedules"}),
    "re-plans": ("Changes of policies", {"run_schedules"}),
    "relooks": ("Changes of hours", {"run_schedules"}),
}


class _Memory:
    """What was last said in this process, and when."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._said = ""

    def sentence(self, now: datetime) -> str:
        if self._at is None or not timedelta(0) <= now - self._at < EVERY:
            self._at, self._said = now, _read(now)
        return self._said

    def forget(self) -> None:
        self._at = None


memory = _Memory()


def banner(request: HttpRequest) -> dict[str, object]:
    """Context of every page; asks nothing until a page of somebody signed in draws it."""
    return {"lateness": SimpleLazyObject(lambda: _for(request))}


def _for(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if not settings.SAYS_WHEN_LATE or user is None or not user.is_authenticated:
        return ""
    return memory.sentence(timezone.now())


def _read(now: datetime) -> str:
    try:
        return sentence(awake.look(now), is_watched=bool(settings.HEARTBEAT_URL))
    except DatabaseError:
        return ""  # the page itself will say so


def sentence(state: State, *, is_watched: bool) -> str:
    """What people should know, or nothing. `is_watched`: somebody outside is told by itself."""
    if state.is_restored:
        return (
            "Nothing is sent at the moment: Followthrough was restored from a backup, and your"
            " administrator looks at it before it goes on."
        )
    said = _missed(state) or _waiting(state) or _refused(state) or _away(state)
    if not said:
        return ""
    told = "Your administrator has been told." if is_watched else "Please tell your administrator."
    return f"{said} {told}"


def _missed(state: State) -> str:
    absent = state.absent()
    for name, looks_for in _LOOKS_FOR.items():
        if name in absent:
            age = absent[name]
            if age < timedelta(0):
                return "Reminders may be late: the clock of the server was set back."
            return f"{looks_for} for {_minutes(age)}."
    return ""


def _waiting(state: State) -> str:
    for clock in state.late_clocks():
        what, jobs = _SWITCHED_OFF[clock]
        if jobs & state.paused:
            return f"{what} are switched off by an administrator, and some are due."
        return f"{_WAITS[clock]} for {_minutes(state.waited(clock))}."
    return ""


def _refused(state: State) -> str:
    if not state.refused:
        return ""
    return f"Messages by {_ways(state.refused)} wait: our account there is refused. None is lost."


def _away(state: State) -> str:
    channels = state.away()
    if not channels:
        return ""
    return (
        f"Messages by {_ways(channels)} wait: nobody answers there. They go out as soon as it does."
    )


def _ways(channels: Iterable[str]) -> str:
    return " and ".join("e-mail" if each == "email" else each for each in channels)


def _minutes(age: timedelta) -> str:
    """Rounded down, as people do; long outages in hours."""
    minutes = math.floor(age.total_seconds() / 60)
    if minutes >= 120:
        return f"{minutes // 60} hours"
    return "a minute" if minutes <= 1 else f"{minutes} minutes"
