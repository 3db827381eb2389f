from __future__ import annotations

import pytest

from commitments.reading.wordings import wording_of


@pytest.mark.parametrize(
    ("quote", "deadline", "wording"),
    [
        ("I'll send you a new lid by Friday.", "by Friday", "Send you a new lid"),
        ("Sure, no problem, we\u2019ll refund the 12 euros.", "", "Refund the 12 euros"),
        ("- I am going to call\nyou tomorrow!", "tomorrow", "Call you"),
        (
            "I'll ring you by Friday 10am with the refund.",
            "by Friday 10am",
            "Ring you with the refund",
        ),
        (
            "I'll bring it on Monday-ish, not on Mondays",
            "on Monday",
            "Bring it on Monday-ish, not on Mondays",
        ),
        ("By Friday I'll send it.", "By Friday", "By Friday I'll send it."),
        ("Someone will call you.", "", "Someone will call you."),
        ("I'll do it by noon.", "by noon", "I'll do it by noon."),
        ("Will do.", "", "Will do."),
        ("سأرسل واحدا", "", "سأرسل واحدا"),
        ("", "", ""),
    ],
)
def test_a_wording_says_what_will_be_done(quote: str, deadline: str, wording: str) -> None:
    assert wording_of(quote, deadline=deadline, limit=500) == wording


def test_a_long_sentence_is_cut_between_words() -> None:
    assert wording_of("Somebody will " + "very " * 50, limit=24) == "Somebody will very…"


def test_a_long_word_is_cut_all_the_same() -> None:
    assert wording_of("w" * 50, limit=10) == "W" + "w" * 8 + "…"
