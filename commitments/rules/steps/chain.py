"""What a step is, and how steps become a chain that leads to a deadline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeAlias

from commitments.errors import CommitmentError
from commitments.rules import wall_clock

Chain: TypeAlias = "tuple[Step, ...]"

_NOTHING: Final = timedelta()


class What(StrEnum):
    """What a step is."""

    STARTED = "started"  # the instant from which everything counts
    ELAPSED = "elapsed"  # time as every clock counts it
    WORKED = "worked"  # a span of working time, or several with what lies between
    SKIPPED = "skipped"  # closed time; `why` says which
    COUNTED = "counted"  # whole working days, the last of them the `number`-th
    CLOSING = "closing"  # the day on which it is due, until it closes
    WALL = "wall"  # until a named day and clock on the wall
    WAITED = "waited"  # the customer's own time, by which the deadline moves out


class Why(StrEnum):
    """Why time is skipped, or what is unusual about a day."""

    NONE = ""
    BREAK = "break"  # between two spans of a day
    NIGHT = "night"  # from one working day to the next
    CLOSED = "closed"  # days that have no hours in any week
    HOLIDAY = "holiday"  # days that would have hours, but for a dated exception
    SAME_DAY = "same_day"  # the day on which counting starts
    OTHER_HOURS = "other_hours"  # a working day with a dated exception


class WrongSteps(CommitmentError):
    """These steps do not lead from a start to a deadline."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. Instants are in UTC; dates are those of the calendar, or of the wall that is named.

    `amount` is working time for WORKED, time on any clock for ELAPSED; for WAITED working time too,
    unless none passed. `days` counts working days; for CLOSING and WALL without a `number`, days of
    the calendar that were asked for.
    """

    what: What
    begins_at: datetime
    ends_at: datetime
    on: date  # the first local date that it is about
    last_on: date | None = None  # the last, where there are several
    amount: timedelta = _NOTHING
    days: int = 0
    number: int = 0  # so many working days counted by the end of it
    why: Why = Why.NONE
    zone: str = ""  # WALL: where the wall hangs
    clocks: timedelta = _NOTHING  # by how much the clocks went forward in it, if that matters
    trouble: wall_clock.Trouble = ""  # WALL: the clocks skip that time or show it twice

    def __post_init__(self) -> None:
        if self.begins_at.tzinfo is not UTC or self.ends_at.tzinfo is not UTC:
            raise WrongSteps("The instants of a step are in UTC.")
        if self.begins_at > self.ends_at:
            raise WrongSteps("A step ends before it begins.")


def started(at: datetime, *, zone: str) -> Step:
    """What every chain begins with."""
    at = at.astimezone(UTC)
    return Step(what=What.STARTED, begins_at=at, ends_at=at, on=_date(at, zone))


def elapsed(start: datetime, length: timedelta, *, zone: str) -> Chain:
    """Time as every clock counts it: `in 2 hours`."""
    first = started(start, zone=zone)
    end = first.ends_at + length
    step = Step(
        what=What.ELAPSED,
        begins_at=first.ends_at,
        ends_at=end,
        on=first.on,
        last_on=_date(end, zone),
        amount=length,
        clocks=clocks_between(first.ends_at, end, zone=zone),
    )
    return first, step


def on_the_wall(start: datetime, day: date, clock: time, *, zone: str, days: int = 0) -> Chain:
    """A day and a clock that were named: `Fri 22 May at 10:00 am, London time`.

    `days` is how many days of the calendar were asked for, where the day was named that way.
    Raises WrongSteps where that time is not after the start.
    """
    wall = datetime.combine(day, clock.replace(tzinfo=None))
    at, trouble = wall_clock.resolve(wall, wall_clock.zone_named(zone))
    return until(start, at, zone=zone, days=days, trouble=trouble, on=day)


def until(
    start: datetime,
    at: datetime,
    *,
    zone: str,
    days: int = 0,
    trouble: wall_clock.Trouble = "",
    on: date | None = None,
) -> Chain:
    """The same for a deadline that was given as an instant, which clocks in `zone` show."""
    first, at = started(start, zone=zone), at.astimezone(UTC)
    step = Step(
        what=What.WALL,
        begins_at=first.ends_at,
        ends_at=at,
        on=on or _date(at, zone),
        days=days,
        zone=zone,
        trouble=trouble,
    )
    return first, step


def until_closing(
    start: datetime, day: date, at: datetime, *, zone: str, days: int = 0, why: Why = Why.NONE
) -> Chain:
    """The same for a day that was named without a clock, and is over when its hours close, `at`.

    `why` is OTHER_HOURS where it closes at another time than usual.
    """
    first = started(start, zone=zone)
    step = Step(
        what=What.CLOSING,
        begins_at=first.ends_at,
        ends_at=at.astimezone(UTC),
        on=day,
        days=days,
        why=why,
    )
    return first, step


def waited(chain: Chain, ends_at: datetime, *, amount: timedelta, zone: str) -> Chain:
    """The chain with the customer's own time at its end, by which the deadline moves to `ends_at`.

    Several waits are several steps. Nothing waited is no step.
    """
    last = chain[-1]
    ends_at = ends_at.astimezone(UTC)
    if ends_at == last.ends_at:
        return chain
    step = Step(
        what=What.WAITED,
        begins_at=last.ends_at,
        ends_at=ends_at,
        on=_date(last.ends_at, zone),
        last_on=_date(ends_at, zone),
        amount=amount,
    )
    return *chain, step


def checked(steps: Iterable[Step]) -> Chain:
    """The steps as a chain, or WrongSteps."""
    chain = tuple(steps)
    if chain and chain[0].what is not What.STARTED:
        raise WrongSteps("Steps begin with the instant from which they count.")
    for before, after in pairwise(chain):
        if after.what is What.STARTED or after.begins_at != before.ends_at:
            raise WrongSteps("A step begins where the one before it ended.")
    return chain


def leads_to(chain: Chain, at: datetime) -> bool:
    """Whether these steps explain that deadline."""
    return bool(chain) and chain[-1].ends_at == at


def clocks_between(begins_at: datetime, ends_at: datetime, *, zone: str) -> timedelta:
    """By how much the clocks of a zone go forward from one instant to the other."""
    there = wall_clock.zone_named(zone)
    before, after = (at.astimezone(there).utcoffset() for at in (begins_at, ends_at))
    return (after or _NOTHING) - (before or _NOTHING)


def _date(at: datetime, zone: str) -> date:
    return at.astimezone(wall_clock.zone_named(zone)).date()
