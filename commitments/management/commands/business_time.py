"""`manage.py business_time --jsonl`: working-time questions in, answers out, for measuring."""

from __future__ import annotations

from datetime import datetime, timedelta

from commitments.errors import CommitmentError
from commitments.management import json_lines
from commitments.management.json_lines import Answer, JsonLinesCommand, Line
from commitments.rules.business_time import Hours


class Command(JsonLinesCommand):
    help = "Answer questions about working time: JSON lines on standard input, JSON lines out."

    def answer(self, asked: Line) -> Answer:
        """The working-time arithmetic that one line asks for."""
        hours = json_lines.hours(asked["calendar"])
        result = _result(asked, hours, json_lines.instant(asked["start"]))
        if isinstance(result, datetime):
            return {"result": json_lines.said_in(hours.zone, result)}
        return {"result": result}


def _result(asked: Line, hours: Hours, start: datetime) -> datetime | float | bool:
    match asked["op"], asked.get("unit"):
        case "add", "days":
            return hours.add_days(start, _days(asked["amount"]))
        case "add", ("hours" | "minutes" | "seconds") as unit:
            return hours.add(start, timedelta(**{unit: asked["amount"]}))
        case "due_day", _:
            return hours.closing(start, _days(asked["amount"]))
        case "between", _:
            return hours.between(start, json_lines.instant(asked["end"])) / timedelta(minutes=1)
        case "is_open", _:
            return hours.is_open(start)
    raise CommitmentError(
        "Ask for add (days, hours, minutes or seconds), due_day, between, is_open."
    )


def _days(amount: object) -> int:
    if isinstance(amount, int | float) and float(amount).is_integer():
        return int(amount)
    raise CommitmentError("Working days are whole: give an amount like 2 or -1.")
