"""How long it takes to read what people wrote: `pytest -m load -s tests/load`."""

from __future__ import annotations

import re
import timeit
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from commitments.reading import deadlines, finding, promises, quick_add
from commitments.rules.business_time import Hours

HOURS = Hours("Europe/London", (((540, 1050),),) * 5 + ((),) * 2)
NOW = datetime(2026, 5, 21, 13, 10, tzinfo=UTC)
PHRASES = ("by Friday 5pm", "within 2 business days", "later today or first thing tomorrow", "asap")
LINE = "@tom #ref call back with refund decision fri 10am ~phone // prefers mobile"
CUSTOMER = "The meter still shows the old reading and nobody wrote back since Monday."
AGENT = "I am sorry about that. I have asked the field team, and they will call you by Friday noon."


def conversation(turns: int) -> list[promises.Turn]:
    return [
        promises.Turn("agent" if number % 2 else "customer", AGENT if number % 2 else CUSTOMER)
        for number in range(turns)
    ]


def milliseconds(action: Callable[[], object], *, times: int) -> float:
    """The best of five rounds, so that a busy machine does not count."""
    return min(timeit.repeat(action, number=times, repeat=5)) / times * 1e3


@pytest.mark.load
def test_reading_costs_little_more_than_taking_words_apart() -> None:
    turns = conversation(100)
    text = " ".join(turn.text for turn in turns)
    words = milliseconds(lambda: re.findall(r"\w+", text), times=50)
    figures = {
        "words of 100 turns taken apart": words,
        "promises suggested in 100 turns": milliseconds(lambda: promises.suggest(turns), times=3),
        "phrases about time found in them": milliseconds(lambda: finding.phrases(text), times=3),
        "4 deadlines read": milliseconds(
            lambda: [
                deadlines.read(one, now=NOW, zone="Europe/London", hours=HOURS) for one in PHRASES
            ],
            times=20,
        ),
        "a quick-add line parsed": milliseconds(lambda: quick_add.parse(LINE), times=50),
    }

    for name, took in figures.items():
        print(f"\n{name:36} {took:8.2f} ms {took / words:8.1f} x", end="")
    assert figures["promises suggested in 100 turns"] < 50


@pytest.mark.load
def test_time_grows_with_the_text() -> None:
    short, long = (conversation(turns) for turns in (100, 1000))

    ratio = milliseconds(lambda: promises.suggest(long), times=1) / milliseconds(
        lambda: promises.suggest(short), times=1
    )

    print(f"\nten times the turns take {ratio:.1f} times as long")
    assert ratio < 15
