"""Commands that answer JSON lines: one object in, one object with the same `id` out.

A line that cannot be answered gets an `error`, a sentence, beside its `id`; it never ends the run.
"""

from __future__ import annotations

import json
import re
import sys
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.core.management.base import BaseCommand

from commitments.errors import CommitmentError
from commitments.rules import business_time, wall_clock
from commitments.rules.business_time import Hours, Span

Line = Mapping[str, Any]  # Any: what a stranger wrote as JSON
Answer = dict[str, object]

_ID: Final = re.compile(r'"id"\s*:\s*("[^"\\\n]{0,200}"|-?[0-9]{1,15})')
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class JsonLinesCommand(BaseCommand, ABC):
    """A command that answers each line of standard input with `answer`."""

    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jsonl", action="store_true", required=True, help="JSON lines")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: as Django declares it
        for line in answers(sys.stdin, self.answer):
            self.stdout.write(line)

    @abstractmethod
    def answer(self, asked: Line) -> Answer:
        """What one line asks for. Raises CommitmentError, or what `answers` puts into words."""


def answers(lines: Iterable[str], answer: Callable[[Line], Answer]) -> Iterator[str]:
    """An answer for every line that is not blank."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answered(line, answer))


def instant(words: object) -> datetime:
    """An ISO instant with its offset."""
    at = datetime.fromisoformat(words) if isinstance(words, str) else None
    if at is None or at.tzinfo is None:
        raise CommitmentError("Give an instant with its offset, as in 2026-05-26T16:30:00+02:00.")
    return at


def said_in(zone: str, at: datetime) -> str:
    """An instant as ISO writes it, with the offset of a zone."""
    return at.astimezone(wall_clock.zone_named(zone)).isoformat()


def hours(calendar: Line) -> Hours:
    """A calendar written as JSON: `tz`, `hours`, `holidays`, `overrides`, `breaks`."""
    weekly = tuple(_spans(calendar["hours"].get(day, [])) for day in _WEEKDAYS)
    exceptions: dict[date, tuple[Span, ...]] = {
        date.fromisoformat(on): () for on in calendar.get("holidays") or []
    }
    for on, spans in (calendar.get("overrides") or {}).items():
        exceptions[date.fromisoformat(on)] = _spans(spans)
    for on, breaks in (calendar.get("breaks") or {}).items():
        day = date.fromisoformat(on)
        usual = exceptions.get(day, weekly[day.weekday()])
        exceptions[day] = business_time.cut(usual, _spans(breaks))
    return Hours(calendar["tz"], weekly, exceptions)


def _spans(pairs: Iterable[tuple[str, str]]) -> tuple[Span, ...]:
    return tuple(
        (business_time.minutes_of(opens), business_time.minutes_of(closes))
        for opens, closes in pairs
    )


def _answered(line: str, answer: Callable[[Line], Answer]) -> Answer:
    try:
        asked = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return {"id": _id_in(line), "error": "This line is not JSON."}
    if not isinstance(asked, dict):
        return {"id": None, "error": "This line is not a JSON object."}
    try:
        return {"id": asked.get("id"), **answer(asked)}
    except CommitmentError as refusal:
        return {"id": asked.get("id"), "error": str(refusal)}
    except KeyError as missing:
        return {"id": asked.get("id"), "error": f"This line has no {missing}. Give one."}
    except (TypeError, ValueError, AttributeError, OverflowError) as trouble:
        return {"id": asked.get("id"), "error": f"A value of this line cannot be used: {trouble}."}


def _id_in(line: str) -> str | int | None:
    """The id that can still be seen in a line that is broken elsewhere."""
    seen = _ID.search(line)
    return json.loads(seen[1]) if seen else None
