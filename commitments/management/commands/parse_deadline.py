"""`manage.py parse_deadline --jsonl`: phrases in, instants out, for measuring the reader."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commitments.errors import CommitmentError
from commitments.management import json_lines
from commitments.management.json_lines import Answer, Line
from commitments.reading import deadlines


class Command(BaseCommand):
    help = "Read phrases about time: JSON lines on standard input, JSON lines out."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jsonl", action="store_true", required=True, help="JSON lines")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: as Django declares it
        for line in json_lines.answers(sys.stdin, answer):
            self.stdout.write(line)


def answer(asked: Line) -> Answer:
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
