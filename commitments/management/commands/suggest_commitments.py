"""`manage.py suggest_commitments --jsonl`: conversations in, suggested promises out."""

from __future__ import annotations

from commitments.errors import CommitmentError
from commitments.management import json_lines
from commitments.management.json_lines import Answer, JsonLinesCommand, Line
from commitments.reading import deadlines, promises
from commitments.reading.promises import Suggestion, Turn
from commitments.rules.business_time import Hours

_ALWAYS_OPEN = {
    day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
}
_SPEAKERS = ("agent", "customer")


class Command(JsonLinesCommand):
    help = "Suggest promises from conversations: JSON lines on standard input, JSON lines out."

    def answer(self, asked: Line) -> Answer:
        """What the agent promised; `due` where the turn says when it was spoken."""
        turns = [_turn(turn) for turn in asked["turns"]]
        hours = _hours(asked)
        return {"promises": [_said(found, turns, hours) for found in promises.suggest(turns)]}


def _turn(turn: Line) -> Turn:
    speaker, text, number = turn["speaker"], turn["text"], turn["i"]
    if speaker not in _SPEAKERS:
        raise CommitmentError("The speaker of a turn is “agent” or “customer”.")
    if not isinstance(text, str):
        raise CommitmentError("The text of a turn is a string.")
    if not isinstance(number, int):
        raise CommitmentError("The `i` of a turn is a whole number.")
    at = json_lines.instant(turn["at"]) if turn.get("at") else None
    return Turn("agent" if speaker == "agent" else "customer", text, at, number)


def _hours(asked: Line) -> Hours:
    """The calendar of the line; without one, every hour counts."""
    calendar = asked.get("calendar") or {"tz": asked.get("tz") or "UTC", "hours": _ALWAYS_OPEN}
    return json_lines.hours(calendar)


def _said(found: Suggestion, turns: list[Turn], hours: Hours) -> Answer:
    turn = turns[found.turn]
    return {
        "turn": turn.number,
        "quote": found.quote,
        "start": found.start,
        "end": found.end,
        "kind": found.kind,
        "deadline_text": found.deadline_text or None,
        "due": _due(found, turn, hours),
        "conditional": found.is_conditional,
        "promisor": found.promisor,
        "reason": found.reason,
    }


def _due(found: Suggestion, turn: Turn, hours: Hours) -> str | None:
    if turn.at is None or not found.deadline_text:
        return None
    reading = deadlines.read(found.deadline_text, now=turn.at, zone=hours.zone, hours=hours)
    return json_lines.said_in(hours.zone, reading.at) if reading else None
