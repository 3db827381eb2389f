"""What people call a day, seen from Thursday 21 May 2026, 2:10 pm in London."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commitments.reading import deadlines
from commitments.rules.business_time import Hours
from tests.commitments.reading.london import LONDON, NOW, OFFICE, due, read, said

NEW_YORK = "America/New_York"
NINE_TO_FIVE = Hours(NEW_YORK, (((540, 1020),),) * 5 + ((),) * 2)
TUESDAY = datetime(2026, 5, 19, 14, 0, tzinfo=UTC)  # 10 am in New York


# Weekdays ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("this friday", "Fri 22 May 2026 17:30"),
        ("the coming friday", "Fri 22 May 2026 17:30"),
        ("next friday", "Fri 29 May 2026 17:30"),
        ("next monday", "Mon 25 May 2026 17:00"),
        ("monday next", "Mon 25 May 2026 17:00"),
        ("friday next week", "Fri 29 May 2026 17:30"),
        ("next week on tuesday", "Tue 26 May 2026 17:30"),
        ("friday of this week", "Fri 22 May 2026 17:30"),
        ("the friday after next", "Fri 29 May 2026 17:30"),
        ("friday week", "Fri 29 May 2026 17:30"),
        ("a week from friday", "Fri 29 May 2026 17:30"),
        ("a week on friday", "Fri 29 May 2026 17:30"),
        ("two weeks from tomorrow", "Fri 5 Jun 2026 17:30"),
        ("3 fridays from now", "Fri 5 Jun 2026 17:30"),
        ("thursday", "Thu 28 May 2026 17:30"),
        ("the day after tomorrow", "Sat 23 May 2026 17:00"),
        ("tmrw", "Fri 22 May 2026 17:30"),
    ],
)
def test_weekdays(text: str, meant: str) -> None:
    assert due(text) == meant


# Weeks, months, quarters, years ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("this week", "Fri 22 May 2026 17:30"),
        ("by the end of the week", "Fri 22 May 2026 17:30"),
        ("EOW", "Fri 22 May 2026 17:30"),
        ("next week", "Fri 29 May 2026 17:30"),
        ("early next week", "Wed 27 May 2026 17:30"),
        ("mid next week", "Thu 28 May 2026 17:30"),
        ("the week after next", "Fri 5 Jun 2026 17:30"),
        ("this weekend", "Sun 24 May 2026 17:00"),
        ("before the weekend", "Fri 22 May 2026 17:30"),
        ("before next week", "Fri 22 May 2026 17:30"),
        ("by the end of the month", "Sun 31 May 2026 17:00"),
        ("EOM", "Sun 31 May 2026 17:00"),
        ("next month", "Tue 30 Jun 2026 17:30"),
        ("early next month", "Wed 10 Jun 2026 17:30"),
        ("mid-June", "Mon 15 Jun 2026 17:30"),
        ("in june", "Tue 30 Jun 2026 17:30"),
        ("end of February", "Sun 28 Feb 2027 17:00"),
        ("end of q2", "Tue 30 Jun 2026 17:30"),
        ("next quarter", "Wed 30 Sep 2026 17:30"),
        ("end of the year", "Thu 31 Dec 2026 17:30"),
        ("the last friday of the month", "Fri 29 May 2026 17:30"),
        ("first working day of next month", "Mon 1 Jun 2026 17:30"),
        ("the last day of june", "Tue 30 Jun 2026 17:30"),
        ("the week of 8 june", "Fri 12 Jun 2026 17:30"),
        ("the first part of next week", "Wed 27 May 2026 17:30"),
        ("first week of june", "Sun 7 Jun 2026 17:00"),
        ("towards the end of next week", "Fri 29 May 2026 17:30"),
        ("this week or next", "Fri 29 May 2026 17:30"),
        ("first thing next week", "Mon 25 May 2026 10:00"),
        ("third tuesday of september 2027", "Tue 21 Sep 2027 17:30"),
        ("thanksgiving", "Thu 26 Nov 2026 17:30"),
    ],
)
def test_weeks_and_months_end_on_their_last_day(text: str, meant: str) -> None:
    assert due(text) == meant


def test_a_week_ends_on_the_last_day_before_the_weekend_of_its_calendar() -> None:
    gulf = Hours("Asia/Dubai", (((540, 1020),),) * 4 + ((), ()) + (((540, 1020),),))

    assert due("end of the week", hours=gulf, zone="Asia/Dubai", now=TUESDAY) == (
        "Thu 21 May 2026 17:00"
    )


# Dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("26 may", "Tue 26 May 2026 17:30"),
        ("May 26th", "Tue 26 May 2026 17:30"),
        ("the 26th of May at noon", "Tue 26 May 2026 12:00"),
        ("May the 26th, 2027", "Wed 26 May 2027 17:30"),
        ("Tuesday, 26 May", "Tue 26 May 2026 17:30"),
        ("Tuesday the 26th", "Tue 26 May 2026 17:30"),
        ("26/5", "Tue 26 May 2026 17:30"),
        ("26.5.2026", "Tue 26 May 2026 17:30"),
        ("26-May-26", "Tue 26 May 2026 17:30"),
        ("2026/5/26", "Tue 26 May 2026 17:30"),
        ("by 26-05-2026", "Tue 26 May 2026 17:30"),
        ("on the 26", "Tue 26 May 2026 17:30"),
        ("tomorrow, friday", "Fri 22 May 2026 17:30"),
        ("tomorrow (22 May)", "Fri 22 May 2026 17:30"),
        ("june 3, 4 or 5", "Fri 5 Jun 2026 17:30"),
        ("the 15th", "Mon 15 Jun 2026 17:30"),
        ("by the 21st", "Thu 21 May 2026 17:30"),
        ("the 5th of next month", "Fri 5 Jun 2026 17:30"),
        ("5 january", "Tue 5 Jan 2027 17:30"),
        ("the 31st", "Sun 31 May 2026 17:00"),
        ("29 february", "Tue 29 Feb 2028 17:30"),
        ("june 3-5", "Fri 5 Jun 2026 17:30"),
        ("the 5th or 6th", "Sat 6 Jun 2026 17:00"),
        ("by Christmas", "Fri 25 Dec 2026 17:30"),
    ],
)
def test_dates_are_the_next_of_their_name(text: str, meant: str) -> None:
    assert due(text) == meant


def test_the_day_comes_first_but_in_the_united_states() -> None:
    london, america = read("12/10"), read("12/10", now=TUESDAY, hours=NINE_TO_FIVE)

    assert said(london.at) == "Mon 12 Oct 17:30"
    assert [said(one.at) for one in london.alternatives] == ["Thu 10 Dec 17:30"]
    assert said(america.at, NEW_YORK) == "Thu 10 Dec 17:00"
    assert [said(one.at, NEW_YORK) for one in america.alternatives] == ["Mon 12 Oct 17:00"]


def test_a_weekday_that_contradicts_its_date_is_pointed_out() -> None:
    assert due("Monday 26 May") == ""
    assert deadlines.why_not("Monday 26 May", now=NOW, zone=LONDON, hours=OFFICE) == (
        "26 May is a Tuesday, not a Monday. Say which of them is meant."
    )


def test_a_day_said_twice_must_be_the_same() -> None:
    assert deadlines.why_not("tomorrow, 24 May", now=NOW, zone=LONDON, hours=OFFICE) == (
        "22 May is not 24 May. Say which of them is meant."
    )


def test_a_date_that_no_year_has_is_pointed_out() -> None:
    assert deadlines.why_not("30 February", now=NOW, zone=LONDON, hours=OFFICE) == (
        "There is no such day. Check the date."
    )
