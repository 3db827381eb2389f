"""What people call a time of day or a length, seen from Thursday 21 May 2026, 2:10 pm in London."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.commitments.reading.london import due

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
        ("early tomorrow morning", "Fri 22 May 2026 12:00"),
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
        ("14h50", "Thu 21 May 2026 14:50"),
        ("mon 9", "Mon 25 May 2026 09:00"),
        ("10.30 fri", "Fri 22 May 2026 10:30"),
        ("at 17", "Thu 21 May 2026 17:00"),
        ("15:00 hours", "Thu 21 May 2026 15:00"),
        ("b4 noon 2moro", "Fri 22 May 2026 12:00"),
        ("firday 10am", "Fri 22 May 2026 10:00"),
        ("by 9-5", "Thu 21 May 2026 17:00"),
        ("330 pm", "Thu 21 May 2026 15:30"),
        ("@ 3pm", "Thu 21 May 2026 15:00"),
        ("tonight around 10:30", "Thu 21 May 2026 22:30"),
        ("4pm CET", "Thu 21 May 2026 15:00"),
        ("3pm (EST)", "Thu 21 May 2026 20:00"),
        ("5pm UTC+2", "Thu 21 May 2026 16:00"),
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
        ("within thirty (30) minutes", "Thu 21 May 2026 14:40"),
        ("1 1/2 hours", "Thu 21 May 2026 15:40"),
        ("in the next hour or two", "Thu 21 May 2026 16:10"),
        ("w/in 24 hrs", "Fri 22 May 2026 14:10"),
        ("in 1h, 20m, and 30 secs", "Thu 21 May 2026 15:30"),
        ("in like 10 minutes", "Thu 21 May 2026 14:20"),
        ("another 20 minutes", "Thu 21 May 2026 14:30"),
        ("may take up to 2 biz days", "Tue 26 May 2026 17:30"),
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
        ("between 24 and 48 hours", "Sat 23 May 2026 14:10"),
        ("anywhere from 3 to 5 days", "Tue 26 May 2026 17:30"),
        ("next tuesday or wednesday", "Wed 27 May 2026 17:30"),
        ("monday, tuesday or wednesday", "Wed 27 May 2026 17:30"),
        ("tomorrow through monday", "Mon 25 May 2026 17:00"),
        ("between now and friday", "Fri 22 May 2026 17:30"),
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
