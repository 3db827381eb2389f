"""Who of the speakers in a paste is one of us."""

from __future__ import annotations

import pytest

from commitments.reading import transcript

OURS = ["Ana Moreno", "Dev Shah"]


def sides(pasted: str, **people: list[str]) -> dict[str, tuple[str, bool]]:
    found = transcript.sides_of(transcript.read(pasted, known=OURS), **({"ours": OURS} | people))
    return {speaker.name: (speaker.side, speaker.is_guess) for speaker in found}


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("Agent: Hi.\nCustomer: Hi.", {"Agent": ("agent", False), "Customer": ("customer", False)}),
        ("Support: Hi.\nTom: Hi.", {"Support": ("agent", False), "Tom": ("customer", True)}),
        ("Me: Hi.\nTom: Hi.", {"Me": ("agent", False), "Tom": ("customer", True)}),
        ("Customer service: Hi.\nTom: Hi.",
         {"Customer service": ("agent", False), "Tom": ("customer", True)}),
        ("Dev: Hi.\nTom: Hi.\nDev: Bye.", {"Dev": ("agent", False), "Tom": ("customer", True)}),
        ("Rana: Hi.\nCaller: Hi.", {"Rana": ("agent", True), "Caller": ("customer", False)}),
        ("Jo: Where is my order?\nLi: Let me check.\nJo: Ok.",
         {"Jo": ("customer", True), "Li": ("agent", True)}),
        ("I'll post it.", {"": ("agent", True)}),
        ("", {}),
    ],
)  # fmt: skip
def test_who_is_one_of_us_is_known_or_guessed_openly(
    pasted: str, expected: dict[str, tuple[str, bool]]
) -> None:
    assert sides(pasted) == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("My kettle leaks!! Why?", "We're sorry to hear that. Please send us your order number."),
        ("Hi there", "Welcome to Larkfield, what can we do for you?"),
        ("I have waited two weeks for my lid", "May I have your name please?"),
        ("hello", "hello"),
    ],
)
def test_of_two_strangers_the_one_who_speaks_like_us_is_guessed(first: str, second: str) -> None:
    assert sides(f"Jo: {first}\nLi: {second}\nJo: Bye.\nLi: Bye.") == {
        "Jo": ("customer", True),
        "Li": ("agent", True),
    }


def test_the_customers_name_tells_who_they_are() -> None:
    assert sides("Rana: Hi.\nTom: Hi.\nRana: Bye.", theirs=["Tom Okafor"]) == {
        "Rana": ("agent", True),
        "Tom": ("customer", False),
    }


def test_an_answer_without_headers_is_ours() -> None:
    pasted = "I'll post one.\n\nOn 12 May 2026, Rana wrote:\n> My lid broke."

    assert sides(pasted) == {"": ("agent", True), "Rana": ("customer", True)}


def test_sides_can_be_chosen() -> None:
    found = transcript.read("Jo: Where is my order?\nLi: Let me check.\nJo: Ok.")

    swapped = transcript.sides_of(found, chosen={"jo": "agent", "li": "customer"})

    assert [(each.name, each.side, each.is_guess) for each in swapped] == [
        ("Jo", "agent", False),
        ("Li", "customer", False),
    ]
