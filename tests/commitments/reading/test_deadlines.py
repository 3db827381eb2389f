from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from commitments.reading import deadlines
from commitments.rules.business_time import Hours
from tests.commitments.reading.london import LONDON, OFFICE, WEEK, due, read, said

# Days --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("today", "Thu 21 May 2026 17:30"),
        ("tomorrow", "Fri 22 May 2026 17:30"),
        (" by Tomorrow.\r\n", "Fri 22 May 2026 17:30"),
        ("Friday", "Fri 22 May 2026 17:30"),
        ("on fri", "Fri 22 May 2026 17:30"),
        ("by wed", "Wed 27 May 2026 17:30"),
        ("tues", "Tue 26 May 2026 17:30"),
        ("thursday", "Thu 28 May 2026 17:30"),
        ("2026-06-03", "Wed 3 Jun 2026 17:30"),
        ("before Friday", "Thu 21 May 2026 23:59"),
        ("before tomorrow", "Thu 21 May 2026 23:59"),
    ],
)
def test_a_day_ends_when_its_hours_do(text: str, meant: str) -> None:
    assert due(text) == meant


def test_a_day_without_hours_ends_at_five() -> None:
    assert due("sat") == "Sat 23 May 2026 17:00"
    assert due("mon") == "Mon 25 May 2026 17:00"


def test_a_usual_hour_counts_before_the_calendars() -> None:
    assert due("tomorrow", closes=time(16, 15)) == "Fri 22 May 2026 16:15"
    assert due("sat", closes=time(16, 15)) == "Sat 23 May 2026 16:15"
    assert due("3 business days", closes=time(16, 15)) == "Wed 27 May 2026 16:15"


def test_a_day_that_never_closes_ends_a_minute_before_midnight() -> None:
    always = Hours.round_the_clock(LONDON)

    assert due("tomorrow", hours=always) == "Fri 22 May 2026 23:59"
    assert due("2 working days", hours=always) == "Sat 23 May 2026 23:59"


def test_today_means_nothing_after_closing() -> None:
    evening = datetime(2026, 5, 21, 16, 30, tzinfo=UTC)

    assert due("today", now=evening) == ""
    assert due("today 6pm", now=evening) == "Thu 21 May 2026 18:00"


def test_days_are_those_of_the_zone_not_of_utc() -> None:
    evening = datetime(2024, 5, 1, 3, 30, tzinfo=UTC)  # half past eight on 30 April there
    zone = "America/Los_Angeles"

    assert due("tomorrow", now=evening, zone=zone, hours=Hours(zone, WEEK)) == (
        "Wed 1 May 2024 17:30"
    )


# Clock times -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("4pm", "Thu 21 May 2026 16:00"),
        ("by 4 PM", "Thu 21 May 2026 16:00"),
        ("4p", "Thu 21 May 2026 16:00"),
        ("by 4:55 pm", "Thu 21 May 2026 16:55"),
        ("by 3:00 p.m.", "Thu 21 May 2026 15:00"),
        ("16:30", "Thu 21 May 2026 16:30"),
        ("until 16:30", "Thu 21 May 2026 16:30"),
        ("before 11 am", "Fri 22 May 2026 11:00"),
        ("9:30", "Fri 22 May 2026 09:30"),
        ("04:30", "Fri 22 May 2026 04:30"),
        ("0:30", "Fri 22 May 2026 00:30"),
        ("12am", "Fri 22 May 2026 00:00"),
        ("12pm", "Fri 22 May 2026 12:00"),
        ("noon", "Fri 22 May 2026 12:00"),
        ("at midnight", "Thu 21 May 2026 23:59"),
        ("2:10 pm", "Fri 22 May 2026 14:10"),
    ],
)
def test_a_clock_time_alone_is_its_next_occurrence(text: str, meant: str) -> None:
    assert due(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Friday 5pm", "Fri 22 May 2026 17:00"),
        ("by Friday, 5 pm", "Fri 22 May 2026 17:00"),
        ("before Friday 5pm", "Fri 22 May 2026 17:00"),
        ("by 5pm tomorrow", "Fri 22 May 2026 17:00"),
        ("tomorrow by 5pm", "Fri 22 May 2026 17:00"),
        ("tomorrow before 4pm", "Fri 22 May 2026 16:00"),
        ("tomorrow at noon", "Fri 22 May 2026 12:00"),
        ("by noon on Wednesday", "Wed 27 May 2026 12:00"),
        ("Thursday 4:00PM", "Thu 28 May 2026 16:00"),
        ("2026-06-03 at 4pm", "Wed 3 Jun 2026 16:00"),
        ("2026\u201306\u201303 at 4\u00a0pm", "Wed 3 Jun 2026 16:00"),
        ("today 11pm", "Thu 21 May 2026 23:00"),
    ],
)
def test_a_day_and_a_clock_time_go_together(text: str, meant: str) -> None:
    assert due(text) == meant


@pytest.mark.parametrize(
    ("text", "meant", "other"),
    [
        ("by 3", "Thu 21 May 15:00", "Fri 22 May 03:00"),
        ("4:30", "Thu 21 May 16:30", "Fri 22 May 04:30"),
        ("by 1:15", "Fri 22 May 13:15", "Fri 22 May 01:15"),
        ("friday at 6:59", "Fri 22 May 18:59", "Fri 22 May 06:59"),
        ("tomorrow at 8", "Fri 22 May 08:00", "Fri 22 May 20:00"),
        ("half past five", "Thu 21 May 17:30", "Fri 22 May 05:30"),
        ("at 9", "Thu 21 May 21:00", "Fri 22 May 09:00"),
    ],
)
def test_an_hour_of_either_half_of_the_day_comes_with_the_other(
    text: str, meant: str, other: str
) -> None:
    reading = read(text)

    assert said(reading.at) == meant
    assert [said(one.at) for one in reading.alternatives] == [other]


@pytest.mark.parametrize("text", ["friday 13", "5", "five", "2 tomorrow", "send 3 at 4"])
def test_a_number_alone_is_no_hour(text: str) -> None:
    assert due(text) == ""


# Instants ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-05-26T16:30:00+02:00", "Tue 26 May 2026 15:30"),
        ("2026-05-26 16:30+0200", "Tue 26 May 2026 15:30"),
        ("2026-05-26T16:30Z", "Tue 26 May 2026 17:30"),
        ("2026-05-26 16:30:00-05:00", "Tue 26 May 2026 22:30"),
        ("by 2026-05-26T16:30", "Tue 26 May 2026 16:30"),
        ("2026-05-26 16:30", "Tue 26 May 2026 16:30"),
    ],
)
def test_an_instant_is_read_as_written_and_in_the_zone_without_an_offset(
    text: str, meant: str
) -> None:
    assert due(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-26T16:30:00+99:00",
        "2026-13-01",
        "2026-02-30",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "2026-05-26T25:00",
        "2026-05-26T16:30x",
    ],
)
def test_what_is_no_instant_is_not_read(text: str) -> None:
    assert due(text) == ""


# Lengths -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("in 30m", "Thu 21 May 2026 14:40"),
        ("30 minutes", "Thu 21 May 2026 14:40"),
        ("in 2h", "Thu 21 May 2026 16:10"),
        ("in 5h", "Thu 21 May 2026 19:10"),
        ("within 24 hours", "Fri 22 May 2026 14:10"),
        ("in an hour", "Thu 21 May 2026 15:10"),
        ("in 2.5 hours", "Thu 21 May 2026 16:40"),
        ("24 to 72 hours", "Sun 24 May 2026 14:10"),
        ("in 24-48 hours", "Sat 23 May 2026 14:10"),
        ("in 24\u201348 hours", "Sat 23 May 2026 14:10"),
        ("two or three hours", "Thu 21 May 2026 17:10"),
    ],
)
def test_minutes_and_hours_are_elapsed_time(text: str, meant: str) -> None:
    assert due(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("in 1 day", "Fri 22 May 2026 17:30"),
        ("within 3 days", "Sun 24 May 2026 17:00"),
        ("3-5 days", "Tue 26 May 2026 17:30"),
        ("in two weeks", "Thu 4 Jun 2026 17:30"),
        ("within a week", "Thu 28 May 2026 17:30"),
        ("+1w", "Thu 28 May 2026 17:30"),
    ],
)
def test_days_and_weeks_are_dates(text: str, meant: str) -> None:
    assert due(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("within 2 business days", "Tue 26 May 2026 17:30"),
        ("one working day", "Fri 22 May 2026 17:30"),
        ("+3bd", "Wed 27 May 2026 17:30"),
        ("6-10 business days", "Fri 5 Jun 2026 17:30"),
        ("within 6 to 10 business days", "Fri 5 Jun 2026 17:30"),
    ],
)
def test_working_days_begin_tomorrow_and_skip_holidays(text: str, meant: str) -> None:
    assert due(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("+5bh", "Fri 22 May 2026 10:40"),
        ("in 4bh", "Fri 22 May 2026 09:40"),
        ("within 4 business hours", "Fri 22 May 2026 09:40"),
        ("1.5 working hours", "Thu 21 May 2026 15:40"),
        ("20 business hours", "Tue 26 May 2026 17:10"),
    ],
)
def test_working_hours_run_only_while_open(text: str, meant: str) -> None:
    assert due(text) == meant


# Changes of clocks -------------------------------------------------------------------------------


def test_elapsed_time_runs_through_a_change_of_clocks() -> None:
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)

    assert due("within 24 hours", now=evening) == "Sun 29 Mar 2026 21:00"


@pytest.mark.parametrize("text", ["1:30 am", "sunday 1:30am", "2026-03-29T01:30", "01:30"])
def test_a_skipped_time_is_the_first_after_it_and_says_so(text: str) -> None:
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)

    reading = deadlines.read(text, now=evening, zone=LONDON, hours=OFFICE)

    assert reading is not None
    assert reading.at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert reading.adjusted.startswith("The clocks skip 1:30 am on Sun 29 Mar; 2:00 am on Sun")


def test_a_time_shown_twice_is_its_first_and_says_so() -> None:
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)

    reading = deadlines.read("tomorrow 1:30am", now=evening, zone=LONDON, hours=OFFICE)

    assert reading is not None
    assert reading.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert reading.adjusted.startswith("The clocks show 1:30 am on Sun 25 Oct twice")


def test_an_instant_with_an_offset_is_never_adjusted() -> None:
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)

    reading = deadlines.read("2026-10-25T01:30:00+00:00", now=evening, zone=LONDON, hours=OFFICE)

    assert reading is not None
    assert reading.at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert reading.adjusted == ""
