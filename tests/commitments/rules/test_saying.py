from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commitments.rules import saying

LONDON = "Europe/London"
NOW = datetime(2026, 5, 21, 13, 10, tzinfo=UTC)  # Thursday, 2:10 pm in London


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026 in universal time."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_staff_read_a_short_time() -> None:
    assert saying.say_time(at(5, 22, 9), zone=LONDON, now=NOW) == "Fri 22 May, 10:00 am"


def test_customers_read_the_whole_words() -> None:
    said = saying.say_time(at(9, 22, 9, 5), zone=LONDON, now=NOW, audience="customer")

    assert said == "Tuesday 22 September, 10:05 am"


def test_another_year_is_said() -> None:
    next_year = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)

    assert saying.say_time(next_year, zone=LONDON, now=NOW) == "Mon 4 Jan 2027, 9:00 am"


def test_the_readers_zone_decides_which_year_it_is() -> None:
    eve = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)

    assert saying.say_day(eve, zone="Asia/Tokyo", now=eve) == "Fri 1 Jan"


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (12, 0, "12:00 noon"),
        (0, 0, "12:00 midnight"),
        (0, 5, "12:05 am"),
        (12, 5, "12:05 pm"),
        (23, 59, "11:59 pm"),
        (7, 30, "7:30 am"),
    ],
)
def test_noon_and_midnight_are_named(hour: int, minute: int, said: str) -> None:
    assert saying.say_clock(at(5, 21, hour, minute), zone="UTC") == said


def test_a_clock_follows_daylight_saving() -> None:
    before, after = at(3, 29, 0, 30), at(3, 29, 1, 30)

    assert saying.say_clock(before, zone=LONDON) == "12:30 am"
    assert saying.say_clock(after, zone=LONDON) == "2:30 am"


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (at(5, 21, 11, 50), "Today, 12:50 pm"),
        (at(5, 20, 15, 40), "Yesterday, 4:40 pm"),
        (at(5, 22, 10, 0), "Tomorrow, 11:00 am"),
        (at(5, 19, 13, 33), "Tue 19 May, 2:33 pm"),
        (at(5, 21, 23, 30), "Tomorrow, 12:30 am"),
    ],
)
def test_days_nearby_are_called_by_their_name(instant: datetime, said: str) -> None:
    assert saying.say_time_nearby(instant, zone=LONDON, now=NOW) == said


def test_a_time_stands_inside_a_sentence() -> None:
    yesterday, later = at(5, 20, 15, 40), at(5, 26, 9)

    assert saying.say_time_inside(yesterday, zone=LONDON, now=NOW) == "yesterday at 4:40 pm"
    assert saying.say_time_inside(later, zone=LONDON, now=NOW) == "Tue 26 May, 10:00 am"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(hours=1, minutes=20), "1 h 20 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(minutes=45, seconds=59), "45 min"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1, hours=20), "1 day"),
        (timedelta(days=-4), "4 days"),
    ],
)
def test_a_length_is_rounded_down(length: timedelta, said: str) -> None:
    assert saying.say_gap(length) == said


@pytest.mark.parametrize(
    ("due_at", "said"),
    [
        (at(5, 21, 14, 30), "In 1 h 20 min"),
        (at(5, 21, 11, 50), "1 h 20 min late"),
        (NOW - timedelta(seconds=5), "Less than a minute late"),
        (NOW, "In less than a minute"),
        (at(5, 22, 10, 0), "Tomorrow"),
        (at(5, 26, 9, 0), "Tue 26 May"),
    ],
)
def test_a_row_says_what_is_left(due_at: datetime, said: str) -> None:
    assert saying.say_left(due_at, zone=LONDON, now=NOW) == said


def test_what_was_and_what_comes_are_told_apart() -> None:
    assert saying.say_ago(NOW - timedelta(minutes=80), now=NOW) == "1 h 20 min ago"
    assert saying.say_ago(NOW + timedelta(minutes=80), now=NOW) == "in 1 h 20 min"


def test_a_zone_is_called_by_its_place() -> None:
    assert saying.say_zone("America/New_York") == "New York time"
    assert saying.say_zone("America/Argentina/Buenos_Aires") == "Buenos Aires time"
    assert saying.say_zone("UTC") == "UTC"
    assert saying.say_zone("Etc/UTC") == "UTC"


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "no promises"), (1, "one promise"), (12, "twelve promises"), (13, "13 promises")],
)
def test_small_counts_are_words(number: int, said: str) -> None:
    assert saying.say_count(number, "promise") == said


def test_an_odd_plural_is_given() -> None:
    assert saying.say_count(5, "person", "people") == "five people"
