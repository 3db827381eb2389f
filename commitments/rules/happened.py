"""What had happened to a promise that was kept in the end, as its customer saw it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from commitments.rules.lifecycle import Outcome


class Happened(StrEnum):
    """From the best to the worst. Silent: between the time that passed and the end nobody told
    them.
    """

    ON_TIME = "on_time"
    MOVED = "moved"
    LATE_TOLD = "late_told"
    LATE_SILENT = "late_silent"


WORST_FIRST = tuple(reversed(Happened))


def of(outcome: str, *, in_silence: bool) -> Happened | None:
    """None where it was not kept, or is not closed."""
    if outcome == Outcome.LATE:
        return Happened.LATE_SILENT if in_silence else Happened.LATE_TOLD
    if outcome in (Outcome.ON_TIME, Outcome.MOVED):
        return Happened(outcome)
    return None


def was_silent(
    outcome: str,
    *,
    at: datetime,
    due_at: datetime,
    untold_due_at: datetime | None,
    told_at: datetime | None,
) -> bool:
    """Whether a promise closed at `at` let a time pass, the last it let pass, and the customer
    heard of it from nobody before the end.
    """
    if outcome != Outcome.LATE:
        return False
    missed_at = due_at if at > due_at or untold_due_at is None else untold_due_at
    return told_at is None or told_at < missed_at
