"""`manage.py parse_deadline --jsonl`: phrases in, instants out, for measuring the reader."""

from __future__ import annotations

from commitments.errors import CommitmentError
from commitments.management import json_lines
from commitments.management.json_lines import Answer, JsonLinesCommand, Line
from commitments.reading import deadlines


class Command(JsonLinesCommand):
    help = "Read phrases about time: JSON lines on standard input, JSON lines out."

    def answer(self, asked: Line) -> Answer:
        """When what was said is due; null if it names no time."""
        text = asked["text"]
        if not isinstance(text, str):
            raise CommitmentError("Give the words as `text`.")
        reading = deadlines.read(
            text,
            now=json_lines.instant(asked["reference"]),
            zone=asked["tz"],
            hours=json_lines.hours(asked["calendar"]),
        )
        return {"due": json_lines.said_in(asked["tz"], reading.at) if reading else None}
