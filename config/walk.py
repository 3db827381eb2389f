"""A clock that is walked by hand: from one instant at which something is due to the next.

What worker and beat do as time passes is done here in one process and as fast as it goes, so that
weeks of promises can be looked at within seconds. For demonstrations and tests: whoever walks ahead
of the real time must be alone with the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from commitments import checkins, schedules, sweep
from commitments.reports import rolling
from config.awake import CLOCKS
from notifications import delivery
from notifications.models import Breaker

# So often in a row a closed channel is tried before the walk is given up.
_PROBES = 10


class NothingGoesOut(Exception):
    """The far end of a channel is away: walking on would only let messages expire."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """What was seen to at one instant: promises, check-ins, schedules and deliveries."""

    promises: int = 0
    put_off: int = 0
    check_ins: int = 0
    schedules: int = 0
    deliveries: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(
            promises=self.promises + other.promises,
            put_off=self.put_off + other.put_off,
            check_ins=self.check_ins + other.check_ins,
            schedules=self.schedules + other.schedules,
            deliveries=self.deliveries + other.deliveries,
        )


def once(now: datetime) -> Round:
    """One round of every job, in the order in which one makes work for the next."""
    done = sum((job.run(now) for job in _JOBS), Round())
    rolling.run(now)
    return done


def walk(start: datetime, end: datetime, *, stride: timedelta = timedelta(0)) -> Round:
    """Do all that comes due from `start` up to, and without, `end`. Raises NothingGoesOut.

    With a `stride` there is that much time at least from one round to the next, as with a beat that
    comes so seldom: much is done together, and late.
    """
    total, at, patience = Round(), start, _Patience()
    while at < end:
        total += _until_still(at)
        patience.look(at)
        at = max(at + stride, min(_clocks_after(at), default=end))
    return total


def _swept(now: datetime) -> Round:
    done = sweep.run(now)
    return Round(promises=done.done, put_off=done.put_off)


@dataclass(frozen=True)
class _Job:
    """One kind of work, and the clocks on which it comes due."""

    clocks: tuple[str, ...]
    run: Callable[[datetime], Round]

    def is_due(self, at: datetime) -> bool:
        return any(rows.filter(**{f"{clock}__lte": at}).exists() for rows, clock in self._rows())

    def next_after(self, at: datetime) -> datetime | None:
        coming = (
            rows.filter(**{f"{clock}__gt": at})
            .order_by(clock)
            .values_list(clock, flat=True)
            .first()
            for rows, clock in self._rows()
        )
        return min((clock for clock in coming if clock is not None), default=None)

    def _rows(self) -> Iterator[tuple[QuerySet[Any], str]]:  # Any: rows of each kind
        for name in self.clocks:
            model, clock = CLOCKS[name]
            yield model._default_manager.all(), clock


_JOBS = (
    _Job(("commitments",), _swept),
    _Job(("check-ins",), lambda now: Round(check_ins=checkins.run(now))),
    _Job(("schedules", "re-plans", "relooks"), lambda now: Round(schedules=schedules.run(now))),
    _Job(("deliveries",), lambda now: Round(deliveries=delivery.run(now))),
)


class _Patience:
    """Gives up where a channel stays closed, probe after probe."""

    def __init__(self) -> None:
        self._until: datetime | None = None
        self._probes = 0

    def look(self, at: datetime) -> None:
        closed = Breaker.objects.of_channels().filter(opened_at__isnull=False).first()
        if closed is None:
            self._probes = 0
            return
        if closed.until != self._until:  # tried once more, in vain
            self._until, self._probes = closed.until, self._probes + 1
        if self._probes > _PROBES:
            raise NothingGoesOut(
                f"The channel “{closed.channel}” stays closed: {closed.reason}. "
                f"The walk ends at {at.isoformat()}; go on from there when it is open."
            )


def _until_still(at: datetime) -> Round:
    """Whatever is due at one instant, until nothing is left that can be done at it."""
    total = Round()
    while True:
        done = sum((job.run(at) for job in _JOBS if job.is_due(at)), Round())
        if done == Round():
            return total
        total += done


def _clocks_after(at: datetime) -> Iterator[datetime]:
    """The next instant of each job, and of a channel that rests."""
    found = [job.next_after(at) for job in _JOBS]
    resting = Breaker.objects.filter(until__gt=at).order_by("until").first()
    found.append(resting.until if resting is not None else None)
    return (clock for clock in found if clock is not None)
