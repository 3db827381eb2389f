from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

OFFICE = {
    "tz": "America/New_York",
    "hours": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": ["2024-07-04"],
    "overrides": {"2024-07-05": [["10:00", "16:00"]]},
    "breaks": {"2024-07-03": [["12:00", "13:00"]], "2024-07-05": [["15:00", "24:00"]]},
}


def asked(monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[dict[str, Any]]:
    """What the command answers to these lines."""
    answers = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    call_command("business_time", "--jsonl", stdout=answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def question(**parts: object) -> str:
    return json.dumps(
        {"id": "q", "calendar": OFFICE, "start": "2024-07-03T11:00:00-04:00", **parts}
    )


@pytest.mark.parametrize(
    ("parts", "result"),
    [
        ({"op": "add", "amount": 2, "unit": "hours"}, "2024-07-03T14:00:00-04:00"),
        ({"op": "add", "amount": 90.5, "unit": "minutes"}, "2024-07-03T13:30:30-04:00"),
        ({"op": "add", "amount": -30, "unit": "seconds"}, "2024-07-03T10:59:30-04:00"),
        ({"op": "add", "amount": 1, "unit": "days"}, "2024-07-05T11:00:00-04:00"),
        ({"op": "due_day", "amount": 1}, "2024-07-05T15:00:00-04:00"),
        ({"op": "between", "end": "2024-07-05T12:00:00-04:00"}, 420.0),
        ({"op": "is_open"}, True),
    ],
)
def test_questions_are_answered_on_the_calendar_given(
    monkeypatch: pytest.MonkeyPatch, parts: dict[str, object], result: object
) -> None:
    assert asked(monkeypatch, question(**parts)) == [{"id": "q", "result": result}]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "This line is not JSON."),
        ("[" * 100_000, "This line is not JSON."),
        ("[1]", "This line is not a JSON object."),
        (question(op="guess"), "Ask for add (days, hours, minutes or seconds), due_day, between"),
        (question(op="is_open", start="2024-07-03T11:00:00"), "Give an instant with its offset"),
        (question(op="is_open", start=None), "Give an instant with its offset"),
        (question(op="add", unit="hours", amount=1e300), "OverflowError"),
        (question(op="is_open", calendar={"tz": "Mars", "hours": {}}), "“Mars” is not a time zone"),
        (question(op="is_open", calendar=[]), "TypeError"),
        (
            question(op="add", unit="days", amount=1, calendar={"tz": "UTC", "hours": {}}),
            "no opening",
        ),
    ],
)
def test_what_cannot_be_answered_says_why_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, line: str, error: str
) -> None:
    first, last = asked(monkeypatch, line, "", question(op="is_open"))

    assert error in first["error"]
    assert "result" not in first
    assert last == {"id": "q", "result": True}
