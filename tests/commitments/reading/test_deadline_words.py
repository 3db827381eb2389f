"""What people call a time, seen from Thursday 21 May 2026, 2:10 pm in London."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commitments.reading import deadlines
from commitments.rules.business_time import Hours
from tests.commitments.reading.test_deadlines import LONDON, NOW, OFFICE, due, read, said

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


# Parts of the day --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("this afternoon", "Thu 21 May 2026 17:00"),
        ("this evening", "Thu 21 May 2026 21:00"),
        ("tonight", "Thu 21 May 2026 23:59"),
        ("later tonight", "Thu 21 May 2026 23:59"),
        ("tomorrow morning", "Fri 22 May 2026 12:00"),
        ("in the morning", "Fri 22 May 2026 12:00"),
        ("tomorrow am", "Fri 22 May 2026 12:00"),
        ("friday lunchtime", "Fri 22 May 2026 13:00"),
        ("before lunch tomorrow", "Fri 22 May 2026 12:00"),
        ("first thing tomorrow", "Fri 22 May 2026 10:00"),
        ("monday first thing", "Mon 25 May 2026 10:00"),
        ("early tomorrow morning", "Fri 22 May 2026 10:00"),
        ("early tomorrow", "Fri 22 May 2026 12:00"),
        ("late friday", "Fri 22 May 2026 17:30"),
        ("overnight", "Fri 22 May 2026 17:30"),
        ("8 tonight", "Thu 21 May 2026 20:00"),
        ("9 tomorrow morning", "Fri 22 May 2026 09:00"),
        ("tomorrow evening at 7", "Fri 22 May 2026 19:00"),
        ("this time tomorrow", "Fri 22 May 2026 14:10"),
    ],
)
def test_parts_of_the_day_end_when_people_say_they_do(text: str, meant: str) -> None:
    assert due(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("eod", "Thu 21 May 2026 17:30"),
        ("by the end of the day tomorrow", "Fri 22 May 2026 17:30"),
        ("close of business friday", "Fri 22 May 2026 17:30"),
        ("COB fri", "Fri 22 May 2026 17:30"),
        ("end of play", "Thu 21 May 2026 17:30"),
        ("later today", "Thu 21 May 2026 17:30"),
        ("sometime tomorrow", "Fri 22 May 2026 17:30"),
        ("within the day", "Thu 21 May 2026 17:30"),
    ],
)
def test_the_end_of_the_day_is_when_it_closes(text: str, meant: str) -> None:
    assert due(text) == meant


@pytest.mark.parametrize("text", ["eod", "this afternoon", "later today", "this morning"])
def test_a_part_of_today_that_is_over_is_asked_for(text: str) -> None:
    evening = datetime(2026, 5, 21, 18, 0, tzinfo=UTC)

    assert due(text, now=evening) == ""


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
        ("mid-June", "Sat 20 Jun 2026 17:00"),
        ("in june", "Tue 30 Jun 2026 17:30"),
        ("end of February", "Sun 28 Feb 2027 17:00"),
        ("end of q2", "Tue 30 Jun 2026 17:30"),
        ("next quarter", "Wed 30 Sep 2026 17:30"),
        ("end of the year", "Thu 31 Dec 2026 17:30"),
        ("the last friday of the month", "Fri 29 May 2026 17:30"),
        ("first working day of next month", "Mon 1 Jun 2026 17:30"),
        ("the last day of june", "Tue 30 Jun 2026 17:30"),
        ("the week of 8 june", "Fri 12 Jun 2026 17:30"),
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


def test_a_date_that_no_year_has_is_pointed_out() -> None:
    assert deadlines.why_not("30 February", now=NOW, zone=LONDON, hours=OFFICE) == (
        "There is no such day. Check the date."
    )


# Clocks and zones --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5.30pm", "Thu 21 May 2026 17:30"),
        ("7p", "Thu 21 May 2026 19:00"),
        ("tomorrow 8:45a", "Fri 22 May 2026 08:45"),
        ("five o'clock tomorrow", "Fri 22 May 2026 17:00"),
        ("20 minutes to 4pm", "Thu 21 May 2026 15:40"),
        ("quarter past 3pm", "Thu 21 May 2026 15:15"),
        ("1630 hours", "Thu 21 May 2026 16:30"),
        ("5pm-ish", "Thu 21 May 2026 17:00"),
        ("around noon tomorrow", "Fri 22 May 2026 12:00"),
        ("3pm ET", "Thu 21 May 2026 20:00"),
        ("tomorrow 9am New York time", "Fri 22 May 2026 14:00"),
        ("noon PT", "Thu 21 May 2026 20:00"),
        ("by 4pm GMT", "Thu 21 May 2026 17:00"),
        ("4pm your time", "Thu 21 May 2026 16:00"),
    ],
)
def test_clocks(text: str, meant: str) -> None:
    assert due(text) == meant


# Lengths -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("in a couple of hours", "Thu 21 May 2026 16:10"),
        ("in a few minutes", "Thu 21 May 2026 14:13"),
        ("half an hour", "Thu 21 May 2026 14:40"),
        ("an hour and a half", "Thu 21 May 2026 15:40"),
        ("three-quarters of an hour", "Thu 21 May 2026 14:55"),
        ("1h30", "Thu 21 May 2026 15:40"),
        ("2 hours 30 minutes", "Thu 21 May 2026 16:40"),
        ("½ hour", "Thu 21 May 2026 14:40"),
        ("within the hour", "Thu 21 May 2026 15:10"),
        ("24/48 hours", "Sat 23 May 2026 14:10"),
        ("1 day and 5 hours", "Fri 22 May 2026 19:10"),
        ("a day and a half", "Sat 23 May 2026 02:10"),
        ("a day or two", "Sat 23 May 2026 17:00"),
        ("within the next few days", "Sun 24 May 2026 17:00"),
        ("a fortnight", "Thu 4 Jun 2026 17:30"),
        ("in two weeks' time", "Thu 4 Jun 2026 17:30"),
        ("a month", "Sun 21 Jun 2026 17:00"),
        ("in 3 days by noon", "Sun 24 May 2026 12:00"),
        ("the next working day", "Fri 22 May 2026 17:30"),
        ("2 working weeks", "Fri 5 Jun 2026 17:30"),
        ("please allow up to 3 business days", "Wed 27 May 2026 17:30"),
        ("3 days at the latest", "Sun 24 May 2026 17:00"),
    ],
)
def test_lengths(text: str, meant: str) -> None:
    assert due(text) == meant


def test_a_month_on_is_clipped_to_the_length_of_that_month() -> None:
    assert due("in a month", now=datetime(2026, 1, 31, 12, 0, tzinfo=UTC)) == (
        "Sat 28 Feb 2026 17:00"
    )


# Choices and ranges ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tuesday or wednesday", "Wed 27 May 2026 17:30"),
        ("today or tomorrow", "Fri 22 May 2026 17:30"),
        ("later today or first thing tomorrow", "Fri 22 May 2026 10:00"),
        ("between 3 and 5pm tomorrow", "Fri 22 May 2026 17:00"),
        ("tomorrow between 10 and 12", "Fri 22 May 2026 12:00"),
        ("friday 2-4pm", "Fri 22 May 2026 16:00"),
        ("3-4pm", "Thu 21 May 2026 16:00"),
        ("from 9 to 11 tomorrow", "Fri 22 May 2026 11:00"),
        ("monday to wednesday", "Wed 27 May 2026 17:30"),
        ("friday to monday", "Mon 25 May 2026 17:00"),
        ("by 5pm today or tomorrow", "Fri 22 May 2026 17:00"),
        ("asap, by friday at the latest", "Fri 22 May 2026 17:30"),
    ],
)
def test_of_a_choice_or_a_range_the_later_end_counts(text: str, meant: str) -> None:
    assert due(text) == meant


# What people disagree on -------------------------------------------------------------------------


def test_next_friday_comes_with_the_nearest_one() -> None:
    reading = read("next friday 10am")

    assert said(reading.at) == "Fri 29 May 10:00"
    assert [(said(one.at), one.words) for one in reading.alternatives] == [
        ("Fri 22 May 10:00", "Some people mean Fri 22 May, 10:00 am.")
    ]


@pytest.mark.parametrize("text", ["next monday", "friday", "friday of next week", "4pm", "in 2h"])
def test_what_nobody_disputes_comes_alone(text: str) -> None:
    assert read(text).alternatives == ()


def test_a_weekday_named_on_that_day_comes_with_today() -> None:
    reading = read("thursday")

    assert said(reading.at) == "Thu 28 May 17:30"
    assert [said(one.at) for one in reading.alternatives] == ["Thu 21 May 17:30"]


def test_a_clock_time_that_has_passed_today_says_so() -> None:
    assert read("9am").note == "9:00 am today has passed"
    assert read("4pm").note == ""
    assert read("tomorrow 9am").note == ""


# What was understood -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("by Friday at 5pm ET", [("day", "Friday"), ("time", "5pm"), ("zone", "ET")]),
        ("tomorrow  morning", [("day", "tomorrow"), ("time", "morning")]),
        ("within 2 business days", [("day", "2 business days")]),
        ("in 2 hours", [("length", "2 hours")]),
        ("3-4pm on the 5th", [("time", "3"), ("time", "4pm"), ("day", "the 5th")]),
    ],
)
def test_a_reading_tells_which_words_said_what(text: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.what, part.words) for part in read(text).parts] == parts


@pytest.mark.parametrize(
    "text",
    [
        *("friday 10am", "in 2 hours", "+5bh", "within 3 business days", "in two weeks", "eod"),
        *(
            "next week",
            "2 working days by noon",
            "3pm ET",
            "between 3 and 5pm tomorrow",
            "midnight",
        ),
        *("2026-05-26T16:30:00+02:00", "before friday", "this time tomorrow", "tuesday or fri"),
    ],
)
def test_the_steps_lead_from_now_to_the_deadline(text: str) -> None:
    reading = read(text)

    assert reading.steps[0].begins_at == NOW
    assert reading.steps[-1].ends_at == reading.at
    for before, after in zip(reading.steps, reading.steps[1:], strict=False):
        assert after.begins_at == before.ends_at


def test_the_working_steps_add_up_to_the_length() -> None:
    reading = read("20 business hours")

    worked = [step.amount.total_seconds() / 3600 for step in reading.steps]
    assert sum(worked) == 20


# Vague -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "very soon", "asap", "as soon as possible", "sometime", "at some point"),
        *("shortly", "in due course", "right away", "as soon as we have news", "once it is in"),
        *("when the engineer is back", "end of the day-ish", "in a bit", "later", "in a sec"),
    ],
)
def test_a_when_without_a_time_is_vague_and_no_deadline(text: str) -> None:
    assert deadlines.is_vague(text)
    assert due(text) == ""


@pytest.mark.parametrize("text", ["friday", "by 5pm", "in 2 hours", "", "the kettle", "today"])
def test_a_time_is_not_vague(text: str) -> None:
    assert not deadlines.is_vague(text)


# Bad input ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "1" * 1_000_000,
        "to " * 300_000,
        "\x00\x01\x02",
        "\u202efriday\u202c",
        "<b>friday</b>",
        "пятница",
        "🎉 friday 🎉",
        "31/12/9999",
        "in 9999 years",
    ],
)
def test_bad_input_is_no_deadline(text: str) -> None:
    assert due(text) == ""
    assert deadlines.why_not(text, now=NOW, zone=LONDON, hours=OFFICE) == ""


def test_a_calendar_that_never_opens_reads_days_but_no_working_time() -> None:
    closed = Hours(LONDON, ((),) * 7)

    assert due("tomorrow", hours=closed) == "Fri 22 May 2026 17:00"
    assert due("2 business days", hours=closed) == ""
    assert due("4 business hours", hours=closed) == ""
    assert due("end of the week", hours=closed) == "Fri 22 May 2026 17:00"
