"""A policy's steps, laid around a deadline.

Steps before due are reminders, steps from due on are escalation. They are taken in listed order: a
step never comes before the one ahead of it, whatever its own offset says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .business_time import Hours


class Basis(StrEnum):
    """What a step's offset counts."""

    WORKING = "working"  # seconds of working time
    WORKING_DAYS = "working_days"  # working days, at the same clock time
    ELAPSED = "elapsed"  # seconds on the wall
    PERCENT = "percent"  # per cent of the working time given

    @property
    def label(self) -> str:
        return {
            Basis.WORKING: "seconds of working time",
            Basis.WORKING_DAYS: "working days",
            Basis.ELAPSED: "seconds",
            Basis.PERCENT: "per cent of the time given",
        }[self]


_MANAGERS = frozenset({"manager", "role:manager"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One rung. `offset` is negative before due; for PERCENT it counts from when time began.

    `words` are approved ones for the customer; `hands_to` is the audience the promise goes to;
    `repeat_every` counts seconds as the offset does, at most `repeat_cap` times.
    """

    number: int
    basis: Basis
    offset: int
    audience: tuple[str, ...]
    words: str = ""
    hands_to: str = ""
    repeat_every: int | None = None
    repeat_cap: int = 0
    pierces_quiet: bool = False

    @property
    def is_before_due(self) -> bool:
        return self.offset < 100 if self.basis is Basis.PERCENT else self.offset < 0

    @property
    def is_for_customer_alone(self) -> bool:
        return set(self.audience) <= {"customer"}

    @property
    def most_repetitions(self) -> int:
        """A customer is written to once: what is said again is said to colleagues and programs."""
        return self.repeat_cap if self.repeat_every and not self.is_for_customer_alone else 0

    @property
    def asks_a_manager(self) -> bool:
        return not _MANAGERS.isdisjoint(self.audience)

    def again_after(self, at: datetime, *, hours: Hours) -> datetime:
        """When it is said again after it was said at this instant."""
        length = timedelta(seconds=self.repeat_every or 0)
        return at + length if self.basis is Basis.ELAPSED else hours.add(at, length)


Ladder = tuple[Step, ...]


def instant(step: Step, *, since: datetime, due_at: datetime, hours: Hours) -> datetime:
    """When this step stands by itself; `since` is when the present deadline was set."""
    if step.basis is Basis.ELAPSED:
        return due_at + timedelta(seconds=step.offset)
    if step.basis is Basis.WORKING:
        return hours.add(due_at, timedelta(seconds=step.offset)) if step.offset else due_at
    if step.basis is Basis.WORKING_DAYS:
        return hours.add_days(due_at, step.offset) if step.offset else due_at
    given = hours.between(since, due_at)
    if given <= timedelta(0):  # all of it lies outside working hours
        return since + (due_at - since) * step.offset / 100
    if step.offset < 100:
        return hours.add(since, given * step.offset / 100)
    # From due on it counts from there, which may be a night later than the work given ends.
    return hours.add(due_at, given * (step.offset - 100) / 100) if step.offset > 100 else due_at


def laid(
    steps: Ladder, *, since: datetime, due_at: datetime, hours: Hours
) -> Iterator[tuple[Step, datetime]]:
    """The steps with their instants, never falling."""
    latest = None
    for step in steps:
        at = instant(step, since=since, due_at=due_at, hours=hours)
        latest = at if latest is None else max(latest, at)
        yield step, latest


def first_ahead(steps: Ladder, done: Collection[int], *, start: int = 0) -> int:
    """The place, from `start` on, of the first step whose number is not among these."""
    place = start
    while place < len(steps) and steps[place].number in done:
        place += 1
    return place


def numbers(steps: Ladder) -> frozenset[int]:
    return frozenset(step.number for step in steps)
