"""A due time worked out anew from its kept steps, by the same hours and by others."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.reading import deadlines
from commitments.rules import again, steps
from commitments.rules.business_time import Hours
from tests.makers import HOUR, NOON

WEEK = Hours(zone="Europe/Berlin", weekly=(((540, 720), (780, 1050)),) * 5 + ((), ()))
FRIDAY_OFF = Hours(zone="Europe/Berlin", weekly=WEEK.weekly, exceptions={date(2026, 5, 22): ()})
HALF_FRIDAY = Hours(
    zone="Europe/Berlin", weekly=WEEK.weekly, exceptions={date(2026, 5, 22): ((540, 720),)}
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@given(
    start=st.integers(0, 400 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    days=st.integers(1, 40),
    hours=st.integers(1, 200),
    clock=st.none() | st.integers(10, 16).map(time),
)
def test_by_the_hours_in_force_it_is_due_when_it_is(
    start: datetime, days: int, hours: int, clock: time | None
) -> None:
    worked = WEEK.walk(start, timedelta(hours=hours))
    counted = WEEK.walk_days(start, days, clock=clock)
    longer = steps.waited(
        counted, WEEK.add(counted[-1].ends_at, 3 * HOUR), amount=3 * HOUR, zone="Europe/Berlin"
    )

    for chain in (worked, counted, longer):
        assert again.due_at(chain, WEEK) == chain[-1].ends_at


@pytest.mark.parametrize(
    "said",
    [
        *("in 2 hours", "within 3 working hours", "within 2 business days", "tomorrow"),
        *("by Friday", "by Friday 5pm", "in 3 days", "on 26 May at 10:00", "end of next week"),
        *("in two weeks", "today", "tomorrow morning", "within 2 business days by 4pm"),
    ],
)
def test_what_was_said_is_due_when_it_is(said: str) -> None:
    reading = deadlines.read(said, now=NOON, zone="Europe/Berlin", hours=WEEK)
    assert reading is not None

    chain = reading.steps

    assert again.due_at(chain, WEEK) == reading.at


def test_a_holiday_in_between_costs_a_day() -> None:
    by_days = WEEK.walk_days(NOON, 2, clock=time(10))
    by_hours = WEEK.walk(NOON, 5 * HOUR)

    assert again.due_at(by_days, FRIDAY_OFF) == at("2026-05-26T08:00Z")
    assert by_days[-1].ends_at == at("2026-05-25T08:00Z")
    assert again.due_at(by_hours, FRIDAY_OFF) == at("2026-05-25T08:30Z")
    assert by_hours[-1].ends_at == at("2026-05-22T08:30Z")


def test_a_named_day_closes_earlier_or_is_the_next_working_day() -> None:
    friday = steps.until_closing(
        NOON, date(2026, 5, 22), at("2026-05-22T15:30Z"), zone="Europe/Berlin"
    )

    assert again.due_at(friday, HALF_FRIDAY) == at("2026-05-22T10:00Z")
    assert again.due_at(friday, FRIDAY_OFF) == at("2026-05-25T15:30Z")


def test_a_clock_on_the_wall_and_time_by_the_clock_stay() -> None:
    wall = steps.on_the_wall(NOON, date(2026, 5, 22), time(10), zone="Europe/Berlin")
    elapsed = steps.elapsed(NOON, 30 * HOUR, zone="Europe/Berlin")

    for chain in (wall, elapsed):
        assert again.due_at(chain, FRIDAY_OFF) == chain[-1].ends_at


def test_the_customers_own_time_is_added_by_the_new_hours() -> None:
    due = WEEK.walk(NOON, 3 * HOUR)
    chain = steps.waited(due, WEEK.add(due[-1].ends_at, HOUR), amount=HOUR, zone="Europe/Berlin")

    assert chain[-1].ends_at == at("2026-05-22T07:30Z")
    assert again.due_at(chain, FRIDAY_OFF) == at("2026-05-25T07:30Z")


def test_time_waited_outside_working_hours_is_added_as_the_wall_shows_it() -> None:
    due = steps.until(NOON, at("2026-05-23T10:00Z"), zone="Europe/Berlin")  # a Saturday
    chain = steps.waited(due, at("2026-05-23T12:00Z"), amount=2 * HOUR, zone="Europe/Berlin")

    assert again.due_at(chain, WEEK) == at("2026-05-23T12:00Z")
