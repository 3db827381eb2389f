"""What else was promised to a customer, and whether it was kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from commitments.models import Commitment, User
from commitments.rules import saying
from commitments.rules.lifecycle import Outcome, Status

from . import states

_LOOKED_AT = 20
_SHOWN = 4

_KEPT = frozenset({Outcome.ON_TIME, Outcome.MOVED})


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One of them: how it stands, and since when or by when."""

    reference: str
    wording: str
    state: states.State
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """The latest few, and a sentence about the latest twenty."""

    sentence: str
    shown: tuple[Shown, ...]


def promises_to(
    customer_id: int, *, seen_by: User, now: datetime, apart_from: int | None = None
) -> Earlier | None:
    """Those of the teams this person sees, newest first; None where there are none. One query."""
    known = Commitment.objects.visible_to(seen_by).filter(customer=customer_id)
    counted = known.exclude(status=Status.VOID).exclude(pk=apart_from or 0)
    rows = list(counted.order_by("-promised_at", "-pk")[:_LOOKED_AT])
    if not rows:
        return None
    shown = tuple(_shown(row, now=now) for row in rows[:_SHOWN])
    return Earlier(sentence=_sentence(rows, now=now), shown=shown)


def _shown(row: Commitment, *, now: datetime) -> Shown:
    return Shown(
        reference=row.reference,
        wording=row.wording,
        state=states.of(row, now=now),
        at=row.closed_at or row.due_at,
    )


def _sentence(rows: list[Commitment], *, now: datetime) -> str:
    """`Of the last five, three were kept, one was late, and one is open.`"""
    counts = Counter(_how(row, now=now) for row in rows)
    said = [
        _counted(counts["kept"], "was kept", "were kept"),
        _counted(counts["late"], "was kept late", "were kept late"),
        _counted(counts["broken"], "was not kept", "were not kept"),
        _counted(counts["released"], "was no longer wanted", "were no longer wanted"),
        _counted(counts["overdue"], "is overdue", "are overdue"),
        _counted(counts["open"], "is open", "are open"),
    ]
    *first, last = [part for part in said if part]
    joined = f"{', '.join(first)}, and {last}" if first else last
    if len(rows) == 1:
        return saying.sentence_case(f"{joined}.")
    many = saying.say_count(len(rows), "promise")
    return f"Of the last {many}, {joined}."


def _how(row: Commitment, *, now: datetime) -> str:
    if row.is_live:
        return "overdue" if row.is_overdue(now) else "open"
    outcome = Outcome(row.outcome)
    if outcome in _KEPT:
        return "kept"
    return {Outcome.LATE: "late", Outcome.BROKEN: "broken"}.get(outcome, "released")


def _counted(number: int, one: str, many: str) -> str:
    return saying.say_count(number, one, many) if number else ""
