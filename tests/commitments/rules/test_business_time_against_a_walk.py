"""Working time against a slow walk, minute by minute, and the laws that hold without one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from commitments.rules.business_time import Hours
from tests.commitments.rules.minutes import (
    DAYS,
    MICROSECOND,
    MINUTE,
    instant,
    laws,
    lengths,
    open_calendars,
    questions,
    starts,
    walk,
    walls,
    worked,
)

NIGHTS = Hours("Europe/Berlin", (((60, 150), (155, 300)),) * 7)


@walk
@given(questions())
@example((NIGHTS, date(2024, 3, 28), 0, DAYS * 1440 - 1))
@example((NIGHTS, date(2024, 10, 24), 0, DAYS * 1440 - 1))
def test_what_is_measured_is_what_was_walked(asked: tuple[Hours, date, int, int]) -> None:
    hours, first, *minutes = asked
    start, end = sorted(minutes)

    measured = hours.between(instant(first, start), instant(first, end))

    assert measured == sum(worked(hours, first)[start:end]) * MINUTE


@walk
@given(questions())
def test_what_is_open_is_what_was_walked(asked: tuple[Hours, date, int, int]) -> None:
    hours, first, one, other = asked
    walked = worked(hours, first)

    assert hours.is_open(instant(first, one)) == walked[one]
    assert hours.is_open(instant(first, other)) == walked[other]


@walk
@given(questions(), st.integers(1, 600))
def test_what_is_added_is_where_the_walk_arrives(
    asked: tuple[Hours, date, int, int], length: int
) -> None:
    hours, first, start, _ = asked
    left = list(_worked_from(worked(hours, first), start))
    if len(left) < length:
        return

    arrived = hours.add(instant(first, start), length * MINUTE)

    assert arrived == instant(first, left[length - 1] + 1)


@walk
@given(questions(), st.integers(1, 600))
def test_what_is_counted_back_is_where_the_walk_came_from(
    asked: tuple[Hours, date, int, int], length: int
) -> None:
    hours, first, start, _ = asked
    left = [minute for minute in _worked_from(worked(hours, first), 0) if minute < start]
    if len(left) < length:
        return

    came_from = hours.add(instant(first, start), -length * MINUTE)

    assert came_from == instant(first, left[-length])


def _worked_from(walked: list[bool], start: int) -> Iterator[int]:
    return (minute for minute in range(start, len(walked)) if walked[minute])


@walk
@given(questions(), st.integers(1, 5))
def test_working_days_close_where_their_last_minute_was_walked(
    asked: tuple[Hours, date, int, int], days: int
) -> None:
    hours, first, start, _ = asked
    today = instant(first, start).astimezone(ZoneInfo(hours.zone)).date()
    ends = closings(hours, first)
    later = [end for on, end in ends.items() if on > today]
    earlier = [end for on, end in ends.items() if first < on < today]  # days walked as a whole

    if len(later) >= days:
        assert hours.closing(instant(first, start), days) == instant(first, later[days - 1])
    if len(earlier) >= days:
        assert hours.closing(instant(first, start), -days) == instant(first, earlier[-days])
    if today in ends and today > first:
        assert hours.closing(instant(first, start), 0) == instant(first, ends[today])


def closings(hours: Hours, first: date) -> dict[date, int]:
    """For each date walked to its end, the minute after its last one that was worked."""
    shown = walls(hours.zone, first)
    walked = zip(shown, worked(hours, first), strict=True)
    ends = {on: minute + 1 for minute, ((on, _), is_open) in enumerate(walked) if is_open}
    return {on: end for on, end in ends.items() if on < shown[-1][0]}


# Laws that hold for every calendar that opens some hours a week ----------------------------------


@given(open_calendars, starts, lengths)
@laws
def test_what_is_added_is_what_is_measured(
    hours: Hours, start: datetime, length: timedelta
) -> None:
    assert hours.between(start, hours.add(start, length)) == length


@given(open_calendars, starts, lengths)
@laws
def test_counting_back_undoes_adding(hours: Hours, start: datetime, length: timedelta) -> None:
    opening = hours.next_open(start)
    end = hours.add(opening, length + MINUTE)

    assert hours.add(end, -(length + MINUTE)) == opening


@given(open_calendars, starts, lengths, lengths)
@laws
def test_more_added_is_never_earlier(
    hours: Hours, start: datetime, one: timedelta, more: timedelta
) -> None:
    assert hours.add(start, one) <= hours.add(start, one + more)
    assert hours.add(start, one) <= hours.add(start + more, one)


@given(open_calendars, starts, st.integers(1, 60))
@laws
def test_working_days_follow_one_another(hours: Hours, start: datetime, days: int) -> None:
    closing = hours.closing(start, days)

    assert hours.closing(closing - MINUTE / 60, 0) >= closing
    assert hours.closing(start, days + 1) > closing
    assert hours.add_days(start, days) <= hours.add_days(start, days + 1)


@laws
@given(open_calendars, starts)
def test_nothing_added_while_open_changes_nothing(hours: Hours, start: datetime) -> None:
    opening = hours.next_open(start)

    assert hours.add(opening, timedelta()) == opening
    assert hours.is_open(opening)
    assert hours.between(start, opening) == timedelta()


@laws
@given(open_calendars, starts, lengths, lengths)
def test_adding_twice_is_adding_both(
    hours: Hours, start: datetime, one: timedelta, more: timedelta
) -> None:
    more += MINUTE  # what ends at a closing ends then, and nothing more goes on from there

    assert hours.add(hours.add(start, one), more) == hours.add(start, one + more)
    assert hours.add(hours.add(start, -one), -more) == hours.add(start, -one - more)


@laws
@given(open_calendars, starts, lengths)
def test_no_result_is_closed_time(hours: Hours, start: datetime, length: timedelta) -> None:
    end = hours.add(start, length)
    beginning = hours.add(start, -length - MINUTE)

    assert hours.is_open(end) or (length and hours.is_open(end - MICROSECOND))
    assert hours.is_open(beginning)


@laws
@given(open_calendars, starts, st.integers(-60, 60))
def test_no_working_day_is_reached_in_closed_time(hours: Hours, start: datetime, days: int) -> None:
    reached = hours.add_days(start, days)

    assert hours.is_open(hours.closing(start, days) - MICROSECOND)
    assert hours.is_open(reached) or (days < 0 and hours.is_open(reached - MICROSECOND))


@laws
@given(open_calendars, starts, starts)
def test_what_is_measured_backwards_is_less_than_nothing(
    hours: Hours, one: datetime, other: datetime
) -> None:
    other = one + (other - one) / 20  # at most some years apart

    assert hours.between(one, other) == -hours.between(other, one)


@laws
@given(open_calendars, starts, lengths)
def test_an_instant_is_the_same_in_every_zone(
    hours: Hours, start: datetime, length: timedelta
) -> None:
    elsewhere = start.astimezone(ZoneInfo("Asia/Kathmandu"))

    assert hours.add(elsewhere, length) == hours.add(start, length)
    assert hours.closing(elsewhere, 3) == hours.closing(start, 3)
