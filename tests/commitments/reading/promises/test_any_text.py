"""Whatever was pasted: an answer, and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.reading import promises
from commitments.reading.promises import Turn

from .spoken import suggested

MILLION = 1_000_000
PIECES = (
    "I will call you. ", "will ", "shall not ", "we'll go ahead and ", "if you ", "please send ",
    "will you ", "once ", "tomorrow ", "by 5pm ", "\u2019ll ", "- ", ". ", ", ", "\n", "\n\n", "(",
    "'", "1.", "?", "!", "\U0001f600", "\u202e", "\x00", "\ud800", "<b>", "&amp;", "@b ",
    "https://a.example/ ", "\u05e9\u05dc\u05d5\u05dd ",
)  # fmt: skip


def test_a_conversation_without_words_holds_no_promise() -> None:
    assert promises.suggest([]) == ()
    assert suggested("", " \n\t", "\u200b", "\x00") == ()


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.text(max_size=60))
def test_every_quote_stands_where_it_says(pieces: list[str], other: str) -> None:
    turns = [Turn("customer", "When?"), Turn("agent", "".join(pieces)), Turn("agent", other)]

    for found in promises.suggest(turns):
        assert turns[found.turn].speaker == "agent"
        assert turns[found.turn].text[found.start : found.end] == found.quote
        assert found.deadline_text in found.quote


def test_markup_and_other_scripts_stay_in_the_quote() -> None:
    said = "\u05e9\u05dc\u05d5\u05dd! <b>We\u2019ll call you back</b> \U0001f600 tomorrow."

    (suggestion,) = suggested(said)

    assert suggestion.quote == said[6:]
    assert suggestion.deadline_text == "tomorrow"


def test_a_list_is_read_line_by_line() -> None:
    found = suggested("Next steps:\n- I'll refund the fee\n- We'll post a new card\n- Have a tea")

    assert [suggestion.kind for suggestion in found] == ["refund", "replacement"]


def test_a_sentence_does_not_end_in_an_abbreviation() -> None:
    (suggestion,) = suggested("Mr. Brown and Dr. Grey will call you at 5 p.m. on Friday. Bye.")

    assert suggestion.quote == "Mr. Brown and Dr. Grey will call you at 5 p.m. on Friday."


def test_no_more_is_suggested_than_anybody_looks_through() -> None:
    assert len(suggested("I will call you. " * 600)) == 500


@pytest.mark.load
@pytest.mark.parametrize("piece", PIECES)
def test_a_million_characters_are_read_in_seconds(piece: str) -> None:
    text = (piece * MILLION)[:MILLION]
    started = time.perf_counter()

    suggested(text, "> " + text)

    assert time.perf_counter() - started < 5
