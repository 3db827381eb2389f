"""The steps to a deadline against a slow walk, minute by minute, and the laws of a chain."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from commitments.rules import steps
from commitments.rules.business_time import Hours
from commitments.rules.steps import Chain, Step, What, Why, WrongSteps
from tests.commitments.rules.minutes import (
    MINUTE,
    instant,
    laws,
    lengths,
    open_calendars,
    questions,
    starts,
    walk,
    worked,
)

MOST = 41


def is_whole(chain: Chain, start: datetime) -> bool:
    """It starts there, has no holes, is short enough to read, and survives being kept."""
    holds = all(before.ends_at == after.begins_at for before, after in pairwise(chain))
    begins = chain[0].what is What.STARTED and chain[0].begins_at == chain[0].ends_at == start
    kept = steps.from_json(steps.to_json(chain)) == chain
    return holds and begins and kept and len(chain) <= MOST


def worked_in(step: Step, hours: Hours, first: date) -> timedelta:
    """What was walked of it."""
    begin, end = ((at - instant(first, 0)) // MINUTE for at in (step.begins_at, step.ends_at))
    return sum(worked(hours, first)[begin:end]) * MINUTE


@walk
@given(questions(), st.integers(1, 600))
def test_each_step_is_what_was_walked(asked: tuple[Hours, date, int, int], length: int) -> None:
    hours, first, start, _ = asked
    if sum(worked(hours, first)[start:]) < length:
        return

    chain = hours.walk(instant(first, start), length * MINUTE)

    amounts = [step.amount if step.what is What.WORKED else timedelta() for step in chain]
    assert [worked_in(step, hours, first) for step in chain] == amounts


@walk
@given(questions(), st.integers(1, 4))
def test_no_minute_is_worked_in_days_that_are_skipped(
    asked: tuple[Hours, date, int, int], days: int
) -> None:
    hours, first, start, _ = asked
    if sum(worked(hours, first)[start:]) < days * 1440:
        return

    chain = hours.walk_days(instant(first, start), days)

    shut = [step for step in chain if step.why in (Why.CLOSED, Why.HOLIDAY)]
    assert all(not worked_in(step, hours, first) for step in shut)
    counted = [step for step in chain if step.days]
    assert all(worked_in(step, hours, first) for step in counted)


@laws
@given(open_calendars, starts, lengths)
def test_steps_lead_where_adding_leads(hours: Hours, start: datetime, length: timedelta) -> None:
    chain = hours.walk(start, length)

    assert is_whole(chain, start)
    assert chain[-1].ends_at == hours.add(start, length)
    assert sum((step.amount for step in chain), timedelta()) == length


@laws
@given(open_calendars, starts, st.integers(1, 400))
def test_steps_lead_where_counting_days_leads(hours: Hours, start: datetime, days: int) -> None:
    chain = hours.walk_days(start, days)

    assert is_whole(chain, start)
    assert chain[-1].ends_at == hours.closing(start, days)
    assert sum(step.days for step in chain) == days
    assert chain[-1].number == days


@laws
@given(open_calendars, starts, st.integers(1, 40), st.times())
def test_steps_lead_to_a_clock_on_that_day(
    hours: Hours, start: datetime, days: int, clock: time
) -> None:
    chain = hours.walk_days(start, days, clock=clock)

    day = hours.walk_days(start, days)[-1].on
    wall = steps.on_the_wall(start, day, clock, zone=hours.zone)
    assert is_whole(chain, start)
    assert (chain[-1].on, chain[-1].ends_at) == (day, wall[-1].ends_at)


@laws
@given(open_calendars, starts)
def test_the_day_itself_leads_to_its_closing_unless_it_is_over(
    hours: Hours, start: datetime
) -> None:
    closing = hours.closing(start, 0)
    try:
        chain = hours.walk_days(start, 0)
    except WrongSteps:
        assert closing < start
    else:
        assert is_whole(chain, start)
        assert chain[-1].ends_at == closing


@laws
@given(open_calendars, starts, lengths)
def test_every_step_can_be_said(hours: Hours, start: datetime, length: timedelta) -> None:
    chain = (*hours.walk(start, length), *hours.walk_days(start, length.days + 1))

    said = [steps.say(step, zone=hours.zone, now=start) for step in chain]

    assert all(words and "  " not in words and "None" not in words for words in said)


@laws
@given(starts, lengths, st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "UTC"]))
def test_elapsed_time_is_told_exactly(start: datetime, length: timedelta, zone: str) -> None:
    chain = steps.elapsed(start, length, zone=zone)

    local = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in (start, start + length)]
    assert is_whole(chain, start)
    assert chain[-1].ends_at == start + length
    assert local[1] - local[0] == length + chain[-1].clocks
