"""How each promise counts: the conditions that figures, lists and roll-ups share.

A promise counts for the day on which it was first due. Kept on time, moved with the customer told
before, late, not kept, overdue: of these the kept rate is worked out, and each promise is in one of
them or stands beside them (pending, no longer wanted, logged by mistake).

Late stays late. What is live and let a due time pass of whose successor the customer had not been
told can never count as kept again, and is among the late ones at once. What had broken before it
was closed as no longer wanted, or as logged by mistake, is among them too; and what waits on a
customer whom nobody has asked, in writing or on the phone, is overdue when its time has passed.
Nobody makes a figure better by closing or parking what they owe.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q

from commitments.rules.lifecycle import LIVE, Outcome, Status

COUNTED: Final = ("on_time", "moved", "late", "broken", "overdue")
BESIDE: Final = ("pending", "released", "void")
PARTS: Final = (*COUNTED, *BESIDE, "attempted")

# A call in which the customer was asked may be logged before the promise is said to wait.
_SAID_BEFORE: Final = timedelta(hours=1)
_IS_LIVE: Final = Q(status__in=sorted(LIVE))


def of(now: datetime) -> dict[str, Q]:
    """The condition of each part, as it is at `now`; `attempted` is a mark beside the others."""
    asked_since = F("waiting_since") - _SAID_BEFORE
    nobody_asked = Q(told_at=None) | Q(told_at__lt=asked_since)
    unasked = Q(status=Status.WAITING, due_at__lt=now) & nobody_asked
    overdue = Q(status=Status.OPEN, due_at__lt=now) | unasked
    in_silence = _IS_LIVE & ~overdue & Q(untold_due_at__isnull=False, untold_due_at__lt=now)
    hopeful = _IS_LIVE & ~overdue & (Q(untold_due_at=None) | Q(untold_due_at__gte=now))
    given_up = Q(outcome__in=[Outcome.RELEASED, Outcome.VOID])
    had_broken = Q(breached_at__isnull=False) | Q(untold_due_at__lt=F("closed_at"))
    in_time = Q(breached_at=None) & (Q(untold_due_at=None) | Q(untold_due_at__gte=F("closed_at")))
    late = Q(outcome=Outcome.LATE) | in_silence | (given_up & had_broken)
    broken = Q(outcome=Outcome.BROKEN)
    return {
        "on_time": Q(outcome=Outcome.ON_TIME),
        "moved": Q(outcome=Outcome.MOVED),
        "late": late,
        "broken": broken,
        "overdue": overdue,
        "pending": hopeful,
        "released": Q(outcome=Outcome.RELEASED) & in_time,
        "void": Q(outcome=Outcome.VOID) & in_time,
        "attempted": (late | broken | overdue) & Q(attempted_at__isnull=False),
    }


def not_kept(now: datetime) -> Q:
    """Late, not kept or overdue: the promises that have a cause, known or not."""
    parts = of(now)
    return parts["late"] | parts["broken"] | parts["overdue"]
