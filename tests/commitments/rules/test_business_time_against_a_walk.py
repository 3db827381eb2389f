"""Working time against a slow walk, minute by minute, that knows only what a wall clock shows.

The walk keeps the latest time that the clock on the wall has shown so far: it stands still while an
hour comes a second time, and jumps over an hour that is skipped. A minute is worked when that time
lies in the opening hours of its date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commitments.rules.business_time import Hours, Span

MINUTE = timedelta(minutes=1)
DAYS = 9  # the length of a walk
# Around changes of clocks, both ways: by an hour, by half an hour, at midnight, by a whole day,
# twice within a week; and a half-hour zone without any.
PLACES = [
    ("Europe/Berlin", date(2024, 3, 28)),
    ("Europe/Berlin", date(2024, 10, 24)),
    ("America/New_York", date(2024, 3, 7)),
    ("America/New_York", date(2024, 10, 31)),
    ("Australia/Lord_Howe", date(2024, 4, 4)),
    ("Australia/Lord_Howe", date(2024, 10, 3)),
    ("America/Havana", date(2024, 11, 1)),
    ("America/Sao_Paulo", date(2018, 2, 15)),
    ("America/Recife", date(2000, 10, 7)),
    ("Pacific/Apia", date(2011, 12, 28)),
    ("America/St_Johns", date(2010, 11, 5)),
    ("Asia/Kolkata", date(2024, 5, 1)),
]


@cache
def walls(zone: str, first: date) -> list[tuple[date, int]]:
    """For each minute from a day's start in UTC, the latest date and minute shown on the wall."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    before = start - timedelta(days=2)
    minutes = (before + number * MINUTE for number in range((DAYS + 2) * 1440))
    local = (at.astimezone(ZoneInfo(zone)) for at in minutes)
    return list(accumulate(((at.date(), at.hour * 60 + at.minute) for at in local), max))[2880:]


def worked(hours: Hours, first: date) -> list[bool]:
    """For each minute of the walk, whether it is worked."""
    shown = walls(hours.zone, first)
    minutes = {
        on: {minute for span in _hours_of(hours, on) for minute in range(*span)}
        for on in {on for on, _ in shown}
    }
    return [minute in minutes[on] for on, minute in shown]


def _hours_of(hours: Hours, on: date) -> tuple[Span, ...]:
    return hours.exceptions.get(on, hours.weekly[on.weekday()])


@st.composite
def days(draw: st.DrawFn) -> tuple[Span, ...]:
    edges = draw(st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Hours, date, int, int]:
    """A calendar, the first day of a walk, and two minutes of it."""
    zone, first = draw(st.sampled_from(PLACES))
    weekly = draw(st.tuples(*[days()] * 7))
    dates = st.integers(0, DAYS - 1).map(lambda number: first + timedelta(days=number))
    exceptions = draw(st.dictionaries(dates, days(), max_size=2))
    minutes = st.integers(0, DAYS * 1440 - 1)
    return Hours(zone, weekly, exceptions), first, draw(minutes), draw(minutes)


def instant(first: date, minute: int) -> datetime:
    return datetime(first.year, first.month, first.day, tzinfo=UTC) + minute * MINUTE


walk = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


# Laws that hold for every calendar that opens some hours a week ----------------------------------

starts = st.integers(0, 70 * 365 * 1440).map(lambda minute: instant(date(1990, 1, 1), minute))
lengths = st.timedeltas(timedelta(), timedelta(hours=400))
open_calendars = st.builds(
    Hours,
    st.sampled_from([zone for zone, _ in PLACES]),
    st.tuples(*[days()] * 6, st.just(((600, 900),))),
)


@given(open_calendars, starts, lengths)
@settings(max_examples=60, deadline=None)
def test_what_is_added_is_what_is_measured(
    hours: Hours, start: datetime, length: timedelta
) -> None:
    assert hours.between(start, hours.add(start, length)) == length


@given(open_calendars, starts, lengths)
@settings(max_examples=60, deadline=None)
def test_counting_back_undoes_adding(hours: Hours, start: datetime, length: timedelta) -> None:
    opening = hours.next_open(start)
    end = hours.add(opening, length + MINUTE)

    assert hours.add(end, -(length + MINUTE)) == opening


@given(open_calendars, starts, lengths, lengths)
@settings(max_examples=60, deadline=None)
def test_more_added_is_never_earlier(
    hours: Hours, start: datetime, one: timedelta, more: timedelta
) -> None:
    assert hours.add(start, one) <= hours.add(start, one + more)
    assert hours.add(start, one) <= hours.add(start + more, one)


@given(open_calendars, starts, st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_working_days_follow_one_another(hours: Hours, start: datetime, days: int) -> None:
    closing = hours.closing(start, days)

    assert hours.closing(closing - MINUTE / 60, 0) >= closing
    assert hours.closing(start, days + 1) > closing
    assert hours.add_days(start, days) <= hours.add_days(start, days + 1)
