from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

TUESDAY = "2024-03-05T15:00:00Z"


def conversation(*turns: tuple[str, str], **parts: object) -> str:
    spoken = [
        {"i": 10 + number, "speaker": speaker, "text": text, "at": TUESDAY}
        for number, (speaker, text) in enumerate(turns)
    ]
    return json.dumps({"id": "c", "channel": "chat", "turns": spoken, **parts})


def asked(monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[dict[str, object]]:
    """What the command answers to these lines."""
    answers = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    call_command("suggest_commitments", "--jsonl", stdout=answers)
    return [json.loads(answer) for answer in answers.getvalue().splitlines()]


def test_a_promise_is_answered_with_its_place_its_kind_and_its_instant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = conversation(
        ("customer", "The kettle leaks."),
        ("agent", "Oh dear. I'll send you a new kettle by tomorrow 5pm."),
        tz="Europe/Paris",
    )

    (answer,) = asked(monkeypatch, line)

    assert answer == {
        "id": "c",
        "promises": [
            {
                "turn": 11,
                "quote": "I'll send you a new kettle by tomorrow 5pm.",
                "start": 9,
                "end": 52,
                "kind": "replacement",
                "deadline_text": "by tomorrow 5pm",
                "due": "2024-03-06T17:00:00+01:00",
                "conditional": False,
                "promisor": "agent",
                "reason": "“I'll send you a new kettle” says what they will do.",
            }
        ],
    }


def test_without_a_time_said_nothing_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    (answer,) = asked(monkeypatch, conversation(("agent", "We'll call you back.")))

    (promise,) = answer["promises"]  # type: ignore[misc]  # read from JSON
    assert (promise["deadline_text"], promise["due"]) == (None, None)


def test_a_calendar_moves_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    office = {"tz": "America/New_York", "hours": {"wed": [["09:00", "12:00"]]}}
    line = conversation(("agent", "We'll call you tomorrow."), calendar=office)

    (answer,) = asked(monkeypatch, line)

    assert answer["promises"][0]["due"] == "2024-03-06T12:00:00-05:00"  # type: ignore[index]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ("{not JSON", "This line is not JSON."),
        ('{"id": "c"}', "This line has no 'turns'. Give one."),
        (conversation(("robot", "I'll call.")), "The speaker of a turn"),
        (conversation(tz="Mars"), "“Mars” is not a time zone we know"),
        ('{"id": "c", "turns": [{"i": 0, "speaker": "agent", "text": 3}]}', "text of a turn"),
        ('{"id": "c", "turns": [{"i": "0", "speaker": "agent", "text": ""}]}', "`i` of a turn"),
        ('{"id": "c", "turns": ["I will call"]}', "A value of this line cannot be used"),
    ],
)
def test_a_line_that_cannot_be_answered_says_why_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, wrong: str, error: str
) -> None:
    first, last = asked(monkeypatch, wrong, conversation(("agent", "I'll call you.")))

    assert error in str(first["error"])
    assert len(last["promises"]) == 1  # type: ignore[arg-type]
