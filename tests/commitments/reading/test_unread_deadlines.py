from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.reading import deadlines
from commitments.rules.business_time import Hours
from commitments.rules.wall_clock import UnknownZone
from tests.commitments.reading.london import LONDON, NOW, OFFICE, due

# What is not read --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "by", "on", "at", "in", "+", ",", "by by friday", "by friday by"),
        *("soon", "shortly", "asap", "as soon as possible", "later", "once it arrives"),
        *("friday monday", "5pm 6pm", "not friday", "friday?", "every friday", "last friday"),
        *("in friday", "within 5pm", "on 5pm", "at friday", "by 2 hours", "before 2 days"),
        *("0 minutes", "in 0 days", "-2 hours", "two", "3 - days", "24/7", "after friday"),
        *("13pm", "0am", "25:00", "16:60", "4:5pm", "1:2:3", "3.5.2 hours", "from monday"),
        *("2 business", "business days", "business 2 days", "m", "may", "by may", "the office"),
        *("99999 minutes", "1e3 hours", "\uff12 fridays", "١٢ hours", "fr\u0131day", "2 days ago"),
        *("at least 3 days", "more than 3 days", "not before friday", "yesterday", "last week"),
        *(
            "mon-fri 9-5",
            "9am-5pm mon-fri",
            "7 days a week",
            "a day later",
            "earlier this week",
            "that week",
        ),
        *("in the coming weeks", "in a mo", "one sec", "before the morning", "at night", "april"),
        *("end of the day-ish", "fridayish", "by friday unless it rains", "the same time"),
    ],
)
def test_what_is_not_understood_to_the_last_word_is_not_read(text: str) -> None:
    assert due(text) == ""
    assert deadlines.why_not(text, now=NOW, zone=LONDON, hours=OFFICE) == ""


def test_what_has_passed_is_not_read_and_says_so() -> None:
    for text, sentence in {
        "today 1pm": "1:00 pm today has passed. Give a later time.",
        "2026-05-20": "5:30 pm on Wed 20 May has passed. Give a later time.",
        "2026-05-21T14:10:00+01:00": "2:10 pm today has passed. Give a later time.",
        "2020-01-01T00:00:00Z": "That time has long passed. Give a later one.",
    }.items():
        assert due(text) == ""
        assert deadlines.why_not(text, now=NOW, zone=LONDON, hours=OFFICE) == sentence


def test_a_calendar_that_never_opens_names_no_working_time() -> None:
    never = Hours(LONDON, ((),) * 7)

    assert due("2 business days", hours=never) == ""
    assert due("2 business hours", hours=never) == ""
    assert due("tomorrow", hours=never) == "Fri 22 May 2026 17:00"


def test_an_unknown_zone_is_an_error_not_a_reading() -> None:
    with pytest.raises(UnknownZone):
        due("tomorrow", zone="Mars/Olympus")


def test_a_reading_keeps_the_words_as_said() -> None:
    reading = deadlines.read("  by  Friday\t5PM. ", now=NOW, zone=LONDON, hours=OFFICE)

    assert reading is not None
    assert reading.said == "by Friday 5PM."


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow" + "\x00",
        "tomorrow\ud800",
        "today\ntomorrow",
        "\u202etomorrow",
        "tomorrow " * 100_000,
        "9" * 1_000_000,
        "by " * 66,
        "\ufdfa" * 200,
    ],
)
def test_noise_is_not_read(text: str) -> None:
    assert due(text) == ""


VOCABULARY = (
    *("by", "before", "on", "in", "within", "at", "until", "+", "-", "to", "or", ",", "."),
    *("today", "tomorrow", "friday", "mon", "noon", "midnight", "4pm", "16:30", "2:30", "12am"),
    *("2", "10", "2.5", "9999", "a", "three", "minutes", "h", "days", "weeks", "bd", "bh"),
    *("business", "working", "hours", "2026-05-26", "2026-03-29T01:30", "2199-12-31T23:59Z"),
)


@given(st.lists(st.sampled_from(VOCABULARY), max_size=8), st.sampled_from(["", " "]), st.booleans())
def test_whatever_is_said_is_a_time_ahead_or_nothing(
    said: list[str], between: str, closed: bool
) -> None:
    hours = Hours(LONDON, ((),) * 7) if closed else OFFICE

    reading = deadlines.read(between.join(said), now=NOW, zone=LONDON, hours=hours)

    assert reading is None or reading.at > NOW


@given(st.text(max_size=60))
def test_any_text_at_all_is_a_time_ahead_or_nothing(text: str) -> None:
    reading = deadlines.read(text, now=NOW, zone=LONDON, hours=OFFICE)

    assert reading is None or reading.at > NOW


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.sampled_from(["fri", "9am"]))  # noqa: DTZ001
def test_a_day_or_a_time_is_never_further_than_it_has_to_be(now: datetime, text: str) -> None:
    reading = deadlines.read(text, now=now.replace(tzinfo=UTC), zone=LONDON, hours=OFFICE)

    assert reading is not None
    furthest = timedelta(days=8) if text == "fri" else timedelta(hours=25)
    assert timedelta() < reading.at - now.replace(tzinfo=UTC) <= furthest
