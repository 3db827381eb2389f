"""Steps laid around a deadline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from commitments.rules import ladder
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Basis, Step
from tests.makers import DAY, HOUR, NOON

WEEK = Hours(zone="UTC", weekly=(((540, 1050),),) * 5 + ((), ()), exceptions={})
ALWAYS = Hours.round_the_clock("UTC")


def a_step(basis: Basis, offset: int, number: int = 1) -> Step:
    return Step(number=number, basis=basis, offset=offset, audience=("owner",))


def at(step: Step, *, hours: Hours = WEEK, since: datetime = NOON) -> datetime:
    return ladder.instant(step, since=since, due_at=NOON + 3 * HOUR, hours=hours)


def test_working_steps_run_inside_opening_hours() -> None:
    assert at(a_step(Basis.WORKING, -2 * 3600)) == NOON + HOUR
    assert at(a_step(Basis.WORKING, 4 * 3600)) == datetime(2026, 5, 22, 10, 30, tzinfo=UTC)


def test_a_working_step_of_nothing_is_the_due_time_even_at_night() -> None:
    night = datetime(2026, 5, 23, 2, tzinfo=UTC)

    step = a_step(Basis.WORKING, 0)

    assert ladder.instant(step, since=NOON, due_at=night, hours=WEEK) == night


def test_working_days_keep_the_clock_time() -> None:
    assert at(a_step(Basis.WORKING_DAYS, 2)) == datetime(2026, 5, 25, 15, tzinfo=UTC)


def test_elapsed_steps_ignore_opening_hours() -> None:
    assert at(a_step(Basis.ELAPSED, 12 * 3600)) == NOON + 15 * HOUR


def test_per_cent_counts_the_working_time_given() -> None:
    due_at = NOON + DAY  # 5.5 hours today and 3 tomorrow

    step = a_step(Basis.PERCENT, 75)

    at_75 = ladder.instant(step, since=NOON, due_at=due_at, hours=WEEK)
    assert at_75 == datetime(2026, 5, 22, 9, 52, 30, tzinfo=UTC)
    assert step.is_before_due
    assert not a_step(Basis.PERCENT, 100).is_before_due


def test_per_cent_of_a_time_outside_hours_counts_on_the_wall() -> None:
    saturday = datetime(2026, 5, 23, 10, tzinfo=UTC)
    due_at = saturday + 4 * HOUR

    half = ladder.instant(a_step(Basis.PERCENT, 50), since=saturday, due_at=due_at, hours=WEEK)

    assert half == saturday + 2 * HOUR


def test_a_step_never_comes_before_the_one_ahead_of_it() -> None:
    steps = (a_step(Basis.ELAPSED, 3600, 1), a_step(Basis.ELAPSED, -3600, 2))

    laid = list(ladder.laid(steps, since=NOON, due_at=NOON + 3 * HOUR, hours=ALWAYS))

    assert [at - NOON for _, at in laid] == [timedelta(hours=4)] * 2
