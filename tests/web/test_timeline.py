from __future__ import annotations

import pytest

from commitments.models import EventKind
from commitments.understanding import steps_ahead
from commitments.web import timeline


def test_every_kind_of_event_has_a_line() -> None:
    assert timeline.known_kinds() == frozenset(EventKind)


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ({"owner": ["Ana"], "deputy": ["Dev"]}, "Ana and Dev are reminded"),
        ({"owner": ["Ana"], "deputy": ["Ana"]}, "Ana is reminded"),
        ({"lead": ["Dev"], "manager": ["Ines"]}, "Dev and Ines are asked to help"),
        ({"webhook:3": ["Wall"], "owner": ["Ana"]}, "Ana is reminded, and Wall is told"),
        (
            {"manager": ["Ines"], "customer": []},
            "Ines is asked to help, and Tom gets an automatic note",
        ),
        ({}, ""),
    ],
)
def test_what_is_done_to_several_is_said_once(meant: dict[str, list[str]], said: str) -> None:
    assert steps_ahead.in_words(meant, is_before_due=False, first="Tom") == said


def test_before_the_time_everybody_is_only_reminded() -> None:
    meant = {"owner": ["Ana"], "lead": ["Dev"]}

    said = steps_ahead.in_words(meant, is_before_due=True, first="Tom")

    assert said == "Ana and Dev are reminded"
