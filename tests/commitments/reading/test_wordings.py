from __future__ import annotations

import pytest

from commitments.reading.wordings import is_ready, wording_of


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
        ("Um, so, I'll send you a new lid.", "", "Send you a new lid"),
        ("Hi Tom, I'm gonna send you a new lid.", "", "Send you a new lid"),
        ("and, uh, we're going to refund it today", "today", "Refund it"),
        ("I can go ahead and refund the 12 euros.", "", "Refund the 12 euros"),
        ("I'll, uh, go ahead and post the lid", "", "Post the lid"),
        ("Um, so, someone will call you.", "", "Someone will call you."),
        ("Hi Tom, Dev will call you.", "", "Dev will call you."),
        ("Right away we will post it.", "", "Right away we will post it."),
        ("So far nobody will post it.", "", "So far nobody will post it."),
        ("Okay.", "", "Okay."),
        ("سأرسل واحدا", "", "سأرسل واحدا"),
        ("", "", ""),
    ],
)
def test_a_wording_says_what_will_be_done(quote: str, deadline: str, wording: str) -> None:
    assert wording_of(quote, deadline=deadline, limit=500) == wording


TALK = "so hi thanks for calling how are you and then my kettle broke last week you know " * 3


def test_a_transcript_without_full_stops_is_never_a_wording() -> None:
    assert wording_of(TALK + "somebody will call you", limit=500) == ""


def test_of_a_text_without_full_stops_the_promise_is_taken() -> None:
    assert (
        wording_of(f"{TALK} I'll send you a new lid by Friday", deadline="by Friday", limit=500)
        == "Send you a new lid…"
    )


def test_what_goes_on_behind_the_promise_is_cut_and_not_ready() -> None:
    wording = wording_of(f"I'll send you a lid {TALK}", limit=500)

    assert wording.startswith("Send you a lid so hi")
    assert wording.endswith("…")
    assert len(wording) <= 120
    assert not is_ready(wording)


@pytest.mark.parametrize(
    "wording",
    ["Send you a new lid", "Someone will call you.", "Send them to you", "Check the other lid"],
)
def test_a_short_clean_wording_is_ready(wording: str) -> None:
    assert is_ready(wording)


@pytest.mark.parametrize(
    "wording",
    ["", "Call him back", "Send her a new lid", "Refund their order", "Call them back",
     "Send you the, uh, lid", "Um, so the lid", "I'm gonna go", "Send a\nlid", "w" * 121],
)  # fmt: skip
def test_a_wording_that_somebody_has_to_look_at_is_not_ready(wording: str) -> None:
    assert not is_ready(wording)


def test_a_long_sentence_is_cut_between_words() -> None:
    assert wording_of("Somebody will post it soon", limit=24) == "Somebody will post it…"


def test_a_long_word_is_cut_all_the_same() -> None:
    assert wording_of("w" * 50, limit=10) == "W" + "w" * 8 + "…"
