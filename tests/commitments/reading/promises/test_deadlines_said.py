"""Which of the times in a sentence is the deadline."""

from __future__ import annotations

import pytest

from .spoken import suggested


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("We'll send the key by Friday at 5pm.", "by Friday at 5pm"),
        ("By Friday, we'll send the key.", "By Friday"),
        ("I'll call you tomorrow morning for the visit on Monday.", "tomorrow morning"),
        ("We will refund the fee within 5 working days.", "within 5 working days"),
        ("I'll look into the fee you were charged on Monday.", ""),
        ("I'll extend your licence by two weeks.", ""),
        ("The nurse will call you 30 minutes before she comes.", ""),
        ("I'll see if it can be fixed on Friday.", ""),
        ("I'll send the key.", ""),
    ],
)
def test_the_time_after_the_promise_is_meant(said: str, due: str) -> None:
    (suggestion,) = suggested(said)

    assert (suggestion.deadline_text, suggestion.deadline_is_vague) == (due, False)


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("We'll call you back shortly.", "shortly"),
        (
            "Our nurse will ring you as soon as the lab has answered.",
            "as soon as the lab has answered",
        ),
        ("I'll post the deed once the clerk has signed it.", "once the clerk has signed it"),
    ],
)
def test_a_when_without_a_time_is_vague(said: str, due: str) -> None:
    (suggestion,) = suggested(said)

    assert (suggestion.deadline_text, suggestion.deadline_is_vague) == (due, True)
