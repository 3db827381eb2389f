"""A due time worked out anew from the steps that were kept with it, by other hours.

Nothing promised is moved by it: it only says what would differ had the hours been these.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from .business_time import Hours
from .steps import Chain, Step, What, WrongSteps


def due_at(chain: Chain, hours: Hours) -> datetime:
    """When it would be due. The chain is not empty. Raises NeverOpen or TooFar."""
    start, *way = chain
    at = _arrives(start.ends_at, [step for step in way if step.what is not What.WAITED], hours)
    for step in way:
        if step.what is What.WAITED:
            at = _after_waiting(at, step, hours)
    return at


def _arrives(start: datetime, way: Sequence[Step], hours: Hours) -> datetime:
    if not way:
        return start
    last = way[-1]
    match last.what:
        case What.CLOSING if last.number:
            return hours.closing(start, last.number)
        case What.CLOSING:
            return _closing_of(last, hours)
        case What.WALL if last.number:
            return _on_working_day(start, last, hours)
        case What.WALL | What.ELAPSED:
            return last.ends_at  # a time that no hours had a part in
    return hours.add(start, sum((step.amount for step in way), timedelta()))


def _closing_of(last: Step, hours: Hours) -> datetime:
    """The end of a day that was named, or of the working day after it."""
    closing = hours.closing_on(last.on)
    if closing is not None:
        return closing
    return hours.closing(datetime.combine(last.on, time(12), ZoneInfo(hours.zone)), 0)


def _on_working_day(start: datetime, last: Step, hours: Hours) -> datetime:
    clock = last.ends_at.astimezone(ZoneInfo(last.zone)).time()
    with suppress(WrongSteps):  # that day would have closed before it starts
        return hours.walk_days(start, last.number, clock=clock, zone=last.zone)[-1].ends_at
    return hours.closing(start, last.number)


def _after_waiting(at: datetime, step: Step, hours: Hours) -> datetime:
    """The customer's own time: working time, or all of it where none of it was."""
    as_the_wall_shows = step.ends_at - step.begins_at == step.amount
    if as_the_wall_shows and not hours.is_open(step.begins_at):
        return at + step.amount
    return hours.add(at, step.amount)
