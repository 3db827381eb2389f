from __future__ import annotations

import pytest

from commitments.models import EventKind
from commitments.web import steps_said, timeline


def test_every_kind_of_event_has_a_line() -> None:
    assert timeline.known_kinds() == frozenset(EventKind)


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ({"owner": ["Ana"], "deputy": ["Dev"]}, "Ana and Dev are reminded"),
        ({"owner": ["Ana"], "deputy": ["Ana"]}, "Ana is reminded"),
        ({"lead": ["Dev"], "manager": ["Ines"]}, "Dev is asked to help; Ines is told"),
        ({"manager": ["Ines"], "customer": []}, "Ines is told; Tom gets an automatic note"),
        ({}, ""),
    ],
)
def test_what_is_done_to_several_is_said_once(meant: dict[str, list[str]], said: str) -> None:
    assert steps_said.step_in_words(meant, first="Tom") == said
