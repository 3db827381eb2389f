"""A slow walk, minute by minute, that knows only what a wall clock shows; and calendars to walk.

The walk keeps the latest time that the clock on the wall has shown so far: it stands still while an
hour comes a second time, and jumps over an hour that is skipped. A minute is worked when that time
lies in the opening hours of its date.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from commitments.rules import business_time
from commitments.rules.business_time import Hours, Span

MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta.resolution
DAYS = 9  # the length of a walk
# Around changes of clocks, both ways: by an hour, by half an hour, by two, at midnight, by a whole
# day, twice within a week, for Ramadan; and half-hour and quarter-hour zones without any.
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
    ("America/Sao_Paulo", date(2018, 11, 1)),
    ("Antarctica/Troll", date(2024, 3, 28)),
    ("Africa/Casablanca", date(2024, 3, 7)),
    ("Pacific/Chatham", date(2024, 9, 26)),
    ("Asia/Kolkata", date(2024, 5, 1)),
    ("Asia/Kathmandu", date(2024, 5, 1)),
    ("UTC", date(2023, 12, 28)),
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
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Some spans of a day; those that touch stay apart."""
    edges = draw(st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted))
    touching = draw(st.booleans())
    return tuple(pairwise(edges) if touching else zip(edges[::2], edges[1::2], strict=False))


ALL_DAY: tuple[Span, ...] = ((0, 1440),)


def days() -> st.SearchStrategy[tuple[Span, ...]]:
    """The hours of a day: none, all, some, or some without their breaks."""
    with_breaks = st.builds(business_time.cut, spans(), spans())
    return st.one_of(spans(), with_breaks, st.sampled_from([(), ALL_DAY]))


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
laws = settings(max_examples=60, deadline=None)

starts = st.integers(0, 70 * 365 * 1440).map(lambda minute: instant(date(1990, 1, 1), minute))
lengths = st.timedeltas(timedelta(), timedelta(hours=400))
open_calendars = st.builds(
    Hours,
    st.sampled_from([zone for zone, _ in PLACES]),
    st.tuples(*[days()] * 6, st.just(((600, 900),))),
)
