"""What a reading tells beside its time, seen from Thursday 21 May 2026, 2:10 pm in London."""

from __future__ import annotations

import pytest

from commitments.reading import deadlines
from commitments.rules.business_time import Hours
from tests.commitments.reading.london import LONDON, NOW, OFFICE, due, read, said

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


@pytest.mark.parametrize(
    "text",
    [
        *("friday", "by 5pm", "in 2 hours", "", "the kettle", "today"),
        *("later today", "sometime tomorrow", "asap, friday at the latest"),
    ],
)
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
