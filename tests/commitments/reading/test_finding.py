from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.reading import finding


def found(text: str) -> list[str]:
    return [one.words for one in finding.phrases(text) if not one.is_vague]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("call back with refund decision fri 10am", ["fri 10am"]),
        ("I'll ring you by Friday at 5pm, latest.", ["by Friday at 5pm, latest"]),
        ("The parcel goes out tomorrow morning!", ["tomorrow morning"]),
        ("You will have it in 3-5 business days.", ["in 3-5 business days"]),
        ("Allow 7 to 10 days for the bank.", ["Allow 7 to 10 days"]),
        ("We ship on the 5th, or in two weeks", ["on the 5th, or in two weeks"]),
        ("email the summary +3bd", ["+3bd"]),
        ("book slot sat", ["sat"]),
        ("Between 3 and 5pm tomorrow we come.", ["Between 3 and 5pm tomorrow"]),
        ("within 24hrs. Thanks", ["within 24hrs"]),
        ("ring back midday", ["midday"]),
        ("call back end of month", ["end of month"]),
        ("on Monday 2 engineers come", ["on Monday"]),
        ("pick it up by 17h", ["by 17h"]),
        ("ring fri 10am # 2", ["fri 10am"]),
        ("I'll be back by six, and ask tomorrow about it", ["by six", "tomorrow"]),
        ("at 2:30 p.m. today, w/in 2 hours", ["at 2:30 p.m. today", "w/in 2 hours"]),
        ("by the end of the day you know more", ["by the end of the day"]),
        ("I call today. Tomorrow Dev takes over.", ["today", "Tomorrow"]),
        ("no later than next Tuesday at noon ET", ["no later than next Tuesday at noon ET"]),
    ],
)
def test_phrases_are_found_as_long_as_they_are(text: str, phrases: list[str]) -> None:
    assert found(text) == phrases


@pytest.mark.parametrize(
    "text",
    [
        *("You wrote 2 days ago.", "every Friday we close early", "the 2nd attempt failed"),
        *("we have shops at 5 places", "It costs $5 a month", "good morning!", "the sun is out"),
        *("may I have your number", "he sat down", "since Monday nothing came", "after Friday"),
        *("24/7 support", "1/2 I checked", "a second opinion", "waiting for 3 days", "this time"),
        *("the first letter", "your order 44512", "20% off", "version 3.5", "last week you said"),
        *(
            "confirm Friday's visit",
            *("bob@monday.com", "case 2017-11-14-0032", "a 30-day trial", "12 months of data"),
            *(
                "delayed 3 hours",
                "7 days a week",
                "Black Friday",
                "Happy Monday",
                "seat 7A",
                "the Monday meeting",
                "not before 5pm",
                "every Friday at 5pm",
                "by five people",
            ),
            "the night shift",
            "half of the team",
            "march on",
            "in the app",
        ),
    ],
)
def test_what_names_no_deadline_is_left(text: str) -> None:
    assert found(text) == []


def test_vague_phrases_are_found_and_marked() -> None:
    text = "I'll see to it as soon as possible, and write when I can."

    assert [(one.words, one.is_vague) for one in finding.phrases(text)] == [
        ("as soon as possible", True),
        ("when I can", True),
    ]


def test_an_event_runs_to_the_end_of_its_clause() -> None:
    text = "We write as soon as the engineer has news, thank you."

    assert [one.words for one in finding.phrases(text)] == ["as soon as the engineer has news"]


def test_offsets_are_those_of_the_text_as_given() -> None:
    text = "\u201cİ ring\u2019 you\u201d by\u00a0Friday 🎉 or in 2\u00a0hours"

    assert [text[one.start : one.end] for one in finding.phrases(text)] == [
        "by\u00a0Friday",
        "in 2\u00a0hours",
    ]


@given(st.text(max_size=300))
def test_phrases_never_overlap_and_stand_where_they_say(text: str) -> None:
    end = 0
    for one in finding.phrases(text):
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.words
        end = one.end


@pytest.mark.parametrize("piece", ["by ", "to 5 or ", "a ", "in the ", "monday ", "1", "- ", "("])
def test_a_hundred_thousand_characters_of_almost_phrases_come_to_an_end(piece: str) -> None:
    text = piece * (100_000 // len(piece))

    assert all(text[one.start : one.end] == one.words for one in finding.phrases(text))
