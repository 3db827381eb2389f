"""Why a date is the date it is, as lines under it on the form and on the promise's page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from commitments.models import Calendar, Commitment
from commitments.rules import saying, steps
from commitments.rules.steps import Chain, What

_SAYS_WHEN = frozenset({What.ELAPSED, What.CLOSING, What.WALL, What.WAITED})


def lines_of(chain: Chain, *, zone: str, now: datetime, holidays: Mapping[date, str]) -> list[str]:
    """Each step in words, on the clocks of `zone`, which the first line names; [] for no steps.

    `holidays` names dates of the calendar. The last line says when it is due.
    """
    lines = [steps.say(step, zone=zone, now=now, holidays=holidays) for step in chain]
    if not lines:
        return []
    first, last = lines[0], chain[-1]
    lines[0] = f"{first}, {saying.say_zone(zone)}"
    if last.what not in _SAYS_WHEN:
        due = saying.say_time(last.ends_at, zone=zone, now=now)
        lines.append(f"Due {due}, {saying.say_zone(zone)}")
    return lines


def holidays_of(calendar: Calendar) -> dict[date, str]:
    """What its dated exceptions are called. Reads the prefetched rows where there are any."""
    return {holiday.on: holiday.name for holiday in calendar.holidays.all()}


def of_promise(commitment: Commitment, *, now: datetime) -> list[str]:
    """The lines for a promise, on the clocks by which it was worked out."""
    return lines_of(
        commitment.due_chain,
        zone=commitment.due_zone,
        now=now,
        holidays=holidays_of(commitment.team.calendar),
    )


def note_on(commitment: Commitment, *, zone: str, now: datetime) -> str:
    """The words in which it was said, and the due time in `zone`, the reader's, if it differs."""
    said = f"Said as “{commitment.due_said}”." if commitment.due_said else ""
    if zone == commitment.due_zone:
        return said
    due = saying.say_time(commitment.due_at, zone=zone, now=now)
    return f"{said} On your clock, {saying.say_zone(zone)}, it is due {due}.".strip()
