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
        ({"op": "add", "amount": 2.0, "unit": "days"}, "2024-07-08T11:00:00-04:00"),
        ({"op": "add", "amount": -1, "unit": "days"}, "2024-07-02T11:00:00-04:00"),
        ({"op": "add", "amount": 0, "unit": "days"}, "2024-07-03T11:00:00-04:00"),
        ({"op": "add", "amount": 0.25, "unit": "hours"}, "2024-07-03T11:15:00-04:00"),
        ({"op": "add", "amount": 5, "unit": "hours"}, "2024-07-03T17:00:00-04:00"),
        ({"op": "add", "amount": 11, "unit": "hours"}, "2024-07-08T10:00:00-04:00"),
        (
            {"op": "add", "amount": 1, "unit": "hours", "start": "2024-07-03T16:30:00Z"},
            "2024-07-03T14:00:00-04:00",
        ),
        (
            {"op": "add", "amount": -2, "unit": "hours", "start": "2024-07-04T03:30:00+09:00"},
            "2024-07-03T11:30:00-04:00",
        ),
        (
            {"op": "add", "amount": -8, "unit": "hours", "start": "2024-07-08T10:00:00-04:00"},
            "2024-07-03T15:00:00-04:00",
        ),
        ({"op": "due_day", "amount": 0}, "2024-07-03T17:00:00-04:00"),
        ({"op": "due_day", "amount": -1}, "2024-07-02T17:00:00-04:00"),
        ({"op": "between", "end": "2024-07-02T16:00:00-04:00"}, -180.0),
        ({"op": "is_open", "start": "2024-07-03T13:00:00-04:00"}, True),
        ({"op": "is_open", "start": "2024-07-03T12:00:00-04:00"}, False),
        ({"op": "is_open", "start": "2024-07-05T15:00:00-04:00"}, False),
        ({"op": "is_open", "start": "2024-07-04T12:00:00-04:00"}, False),
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
        (question(op="add", unit="hours", amount=1e300), "A value of this line cannot be used"),
        (
            question(op="add", unit="hours", amount=float("nan")),
            "A value of this line cannot be used",
        ),
        (question(op="add", unit="hours", amount="2"), "A value of this line cannot be used"),
        (question(op="add", unit="hours"), "This line has no "),
        (question(op="add", unit="days", amount=1.5), "Working days are whole"),
        (question(op="add", unit="days", amount="many"), "Working days are whole"),
        (question(op="add", unit="days", amount=float("inf")), "Working days are whole"),
        (question(op="due_day", amount=None), "Working days are whole"),
        (question(op="add", unit="days", amount=1e300), "more than fifty years away"),
        (question(op="add", unit="days", amount=1, start="9999-12-31T23:59:59Z"), "fifty years"),
        (question(op="is_open", start="0001-01-01T00:00:00+14:00"), "fifty years"),
        (question(op="between", end=5), "Give an instant with its offset"),
        ('{"id": "\\udc80", "op": "add"}', "This line has no "),
        (question(op="is_open", calendar={"tz": "Mars", "hours": {}}), "“Mars” is not a time zone"),
        (question(op="is_open", calendar=[]), "A value of this line cannot be used"),
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


def test_an_override_opens_a_holiday_and_its_breaks_are_cut_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calendar = OFFICE | {
        "overrides": {"2024-07-04": [["08:00", "12:00"]]},
        "breaks": {"2024-07-04": [["09:00", "10:00"], ["09:30", "11:00"]]},
    }
    start = "2024-07-04T08:30:00-04:00"

    first, second = asked(
        monkeypatch,
        question(op="add", unit="hours", amount=1, start=start, calendar=calendar),
        question(op="due_day", amount=1, calendar=calendar),
    )

    assert first["result"] == "2024-07-04T11:30:00-04:00"
    assert second["result"] == "2024-07-04T12:00:00-04:00"


def test_a_break_that_ends_before_it_begins_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = OFFICE | {"breaks": {"2024-07-03": [["13:00", "12:00"]]}}

    (answer,) = asked(monkeypatch, question(op="is_open", calendar=calendar))

    assert answer["error"] == "The break from 13:00 to 12:00 ends before it begins."


def test_midnight_at_the_end_of_a_day_is_open_into_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nights = {"tz": "Asia/Kolkata", "hours": {day: [["22:00", "24:00"]] for day in ("mon", "tue")}}
    nights["hours"] |= {"tue": [["00:00", "06:00"], ["22:00", "24:00"]]}
    start = "2024-05-06T23:00:00+05:30"

    added, closing = asked(
        monkeypatch,
        question(op="add", unit="hours", amount=2, start=start, calendar=nights),
        question(op="due_day", amount=1, start=start, calendar=nights),
    )

    assert added["result"] == "2024-05-07T01:00:00+05:30"
    assert closing["result"] == "2024-05-08T00:00:00+05:30"
