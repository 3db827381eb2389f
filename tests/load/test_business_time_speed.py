"""How long counting working time takes: `pytest -m load -s tests/load`."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.rules import laid_weeks
from commitments.rules.business_time import Hours

WEEK = (((540, 1020),),) * 5 + ((),) * 2
START = datetime(2024, 1, 1, 9, tzinfo=UTC)
A_THOUSAND_HOURS = timedelta(hours=1000)


def office() -> Hours:
    return Hours("Europe/Berlin", WEEK, {date(2024, 5, 1): ()})


def microseconds(action: Callable[[], object], *, times: int) -> float:
    """The best of five rounds, so that a busy machine does not count."""
    return min(timeit.repeat(action, number=times, repeat=5)) / times * 1e6


@pytest.mark.load
def test_a_thousand_hours_take_well_under_a_millisecond() -> None:
    hours = office()

    def on_a_new_calendar() -> None:
        laid_weeks.of.cache_clear()
        office().add(START, A_THOUSAND_HOURS)

    new = microseconds(on_a_new_calendar, times=20)
    used = microseconds(lambda: hours.add(START, A_THOUSAND_HOURS), times=1000)

    print(f"\n1,000 hours: {new:.0f} µs on a new calendar, {used:.1f} µs on a used one")
    assert new < 1000
    assert used < 60


@pytest.mark.load
def test_a_row_of_the_sweep_waits_a_few_microseconds() -> None:
    hours = office()

    row = microseconds(lambda: hours.add(START, timedelta(hours=2)), times=5000)

    print(f"\n2 hours: {row:.1f} µs")
    assert row < 30


@pytest.mark.load
def test_the_steps_of_a_page_are_told_in_a_fraction_of_a_millisecond() -> None:
    hours = office()

    usual = microseconds(lambda: hours.walk(START, timedelta(hours=20)), times=1000)
    days = microseconds(lambda: hours.walk_days(START, 5), times=1000)
    longest = microseconds(lambda: hours.walk(START, A_THOUSAND_HOURS), times=200)

    print(f"\nsteps: {usual:.0f} µs for 20 hours, {days:.0f} µs for 5 days")
    print(f"steps of 1,000 hours: {longest:.0f} µs")
    assert usual < 1000
    assert days < 1000
    assert longest < 5000
