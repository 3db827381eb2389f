"""How each promise counts: the conditions that figures, lists and roll-ups share.

A promise counts for the day on which it was first due. Kept on time, moved with the customer told
before, late, not kept, overdue: of these the kept rate is worked out, and each promise is in one of
them or stands beside them (pending, no longer wanted, logged by mistake).

Late stays late, also before it is closed: what is live and let a due time pass of whose successor
the customer had not been told can never count as kept again, and is among the late ones at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Q

from commitments.rules.lifecycle import LIVE, Outcome, Status

COUNTED: Final = ("on_time", "moved", "late", "broken", "overdue")
BESIDE: Final = ("pending", "released", "void")
PARTS: Final = (*COUNTED, *BESIDE, "attempted")
NOT_KEPT: Final = ("late", "broken", "overdue")

_IS_LIVE: Final = Q(status__in=sorted(LIVE))


def of(now: datetime) -> dict[str, Q]:
    """The condition of each part, as it is at `now`; `attempted` is a mark beside the others."""
    overdue = Q(status=Status.OPEN, due_at__lt=now)
    in_silence = _IS_LIVE & ~overdue & Q(untold_due_at__isnull=False, untold_due_at__lt=now)
    hopeful = _IS_LIVE & ~overdue & (Q(untold_due_at=None) | Q(untold_due_at__gte=now))
    late = Q(outcome=Outcome.LATE) | in_silence
    broken = Q(outcome=Outcome.BROKEN)
    return {
        "on_time": Q(outcome=Outcome.ON_TIME),
        "moved": Q(outcome=Outcome.MOVED),
        "late": late,
        "broken": broken,
        "overdue": overdue,
        "pending": hopeful,
        "released": Q(outcome=Outcome.RELEASED),
        "void": Q(outcome=Outcome.VOID),
        "attempted": (late | broken | overdue) & Q(attempted_at__isnull=False),
    }


def not_kept(now: datetime) -> Q:
    """Late, not kept or overdue: the promises that have a cause, known or not."""
    parts = of(now)
    return parts["late"] | parts["broken"] | parts["overdue"]
