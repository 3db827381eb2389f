from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

OFFICE = {"tz": "America/New_York", "hours": {"tue": [["09:00", "17:00"]]}, "holidays": []}
TUESDAY = "2024-03-05T10:15:00-05:00"


def line(text: object, **parts: object) -> str:
    asked = {"id": "q", "text": text, "reference": TUESDAY, "tz": "America/New_York"}
    return json.dumps({**asked, "calendar": OFFICE, **parts})


def asked(monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[dict[str, object]]:
    """What the command answers to these lines."""
    answers = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    call_command("parse_deadline", "--jsonl", stdout=answers)
    return [json.loads(answer) for answer in answers.getvalue().splitlines()]


def test_a_phrase_is_answered_with_its_instant_or_with_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = asked(monkeypatch, line("by tomorrow 5pm"), line("shortly"), line("next\ud800"))

    assert answers == [
        {"id": "q", "due": "2024-03-06T17:00:00-05:00"},
        {"id": "q", "due": None},
        {"id": "q", "due": None},
    ]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"tz": "Mars"}, "“Mars” is not a time zone we know"),
        ({"reference": "yesterday"}, "Invalid isoformat string"),
        ({"calendar": {"tz": "UTC", "hours": {"mon": [["17:00", "09:00"]]}}}, "Monday: 17:00 to"),
    ],
)
def test_a_line_that_cannot_be_answered_says_why_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object], error: str
) -> None:
    first, last = asked(monkeypatch, line("tomorrow", **wrong), line("tomorrow"))

    assert error in str(first["error"])
    assert last["due"] == "2024-03-06T17:00:00-05:00"
