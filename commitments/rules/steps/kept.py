"""Steps as JSON keeps them, in a column or on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from commitments.rules import wall_clock

from .chain import Chain, Step, What, Why, WrongSteps, checked

Json: TypeAlias = "dict[str, str | int | float]"


def to_json(chain: Iterable[Step]) -> list[Json]:
    """A chain as JSON keeps it; what a step does not have is left out."""
    return [_step_to_json(step) for step in chain]


def from_json(rows: object) -> Chain:
    """The chain that was kept, or WrongSteps for anything else."""
    if not isinstance(rows, list):
        raise WrongSteps("Steps are a list.")
    try:
        return checked(_step_from_json(row) for row in rows)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as trouble:
        raise WrongSteps("These are no steps.") from trouble


def _step_to_json(step: Step) -> Json:
    row: Json = {
        "what": step.what.value,
        "from": step.begins_at.isoformat(),
        "until": step.ends_at.isoformat(),
        "on": step.on.isoformat(),
    }
    optional: Json = {
        "last_on": step.last_on.isoformat() if step.last_on else "",
        "seconds": step.amount.total_seconds(),
        "days": step.days,
        "number": step.number,
        "why": step.why.value,
        "zone": step.zone,
        "clocks": step.clocks.total_seconds(),
        "trouble": step.trouble,
    }
    return row | {name: value for name, value in optional.items() if value}


def _step_from_json(row: Mapping[str, str]) -> Step:
    step = Step(
        what=What(row["what"]),
        begins_at=datetime.fromisoformat(row["from"]).astimezone(UTC),
        ends_at=datetime.fromisoformat(row["until"]).astimezone(UTC),
        on=date.fromisoformat(row["on"]),
        last_on=date.fromisoformat(row["last_on"]) if row.get("last_on") else None,
        amount=timedelta(seconds=float(row.get("seconds", 0))),
        days=int(row.get("days", 0)),
        number=int(row.get("number", 0)),
        why=Why(row.get("why", "")),
        clocks=timedelta(seconds=float(row.get("clocks", 0))),
    )
    return _with_wall(step, row)


def _with_wall(step: Step, row: Mapping[str, str]) -> Step:
    zone, trouble = row.get("zone", ""), row.get("trouble", "")
    if zone:
        wall_clock.zone_named(zone)
    match trouble:
        case "" | "skipped" | "twice":
            return replace(step, zone=zone, trouble=trouble)
    raise WrongSteps("The clocks either skip a time or show it twice.")
