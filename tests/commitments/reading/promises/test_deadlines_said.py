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
        ("I'll cancel the 2 o'clock.", ""),
        ("I'll send it over this morning.", "this morning"),
        ("A gardener will come by on Monday.", "on Monday"),
        ("I'll tell the midwife \U0001f600 Hope to see you again soon", ""),
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
        (
            "The nurse will call you 30 minutes before she comes.",
            "30 minutes before she comes",
        ),
        ("You'll get a text the day before.", "the day before"),
        ("I'll send the plan before the builders start.", "before the builders start"),
        ("The discount will be applied on your next renewal.", "on your next renewal"),
        ("Once approved, the grant will be paid to you.", "Once approved"),
        ("I'll keep you posted as things develop.", "as things develop"),
        ("We'll text you the second the ferry docks!", "the second the ferry docks"),
        ("I'll ask her when she gets in and tell you.", "when she gets in"),
    ],
)
def test_a_when_without_a_time_is_vague(said: str, due: str) -> None:
    (suggestion,) = suggested(said)

    assert (suggestion.deadline_text, suggestion.deadline_is_vague) == (due, True)
