"""How a file stands, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from commitments.models import Import

State = Import.State

_STATES: Final = {
    State.TAKEN: ("quiet", "circle-dashed"),
    State.JUDGING: ("wait", "hourglass"),
    State.JUDGED: ("soon", "list-checks"),
    State.MAKING: ("wait", "hourglass"),
    State.FINISHED: ("kept", "check"),
    State.REFUSED: ("late", "ban"),
}


@dataclass(frozen=True)
class Tile:
    """A figure and what it counts."""

    count: str
    what: str
    aside: str = ""
    tone: str = ""


def in_a_line(held: Import) -> tuple[str, str, str]:
    """Its tone, its icon, and what came of it so far."""
    tone, icon = _STATES[State(held.state)]
    if held.state == State.FINISHED:
        parts = [_count(held.made, "promise") + " made"]
        parts += [f"{held.bad:,} left out"] if held.bad else []
        parts += [f"{held.already_there:,} there already"] if held.already_there else []
        return tone, icon, ", ".join(parts)
    if held.state == State.REFUSED:
        return tone, icon, held.says
    if held.state == State.JUDGED:
        return tone, icon, f"{held.good:,} of {held.rows:,} rows can be brought in"
    return tone, icon, ""


def tiles(held: Import) -> list[Tile]:
    """What was found, or what came of it."""
    if held.state == State.FINISHED:
        made = Tile(f"{held.made:,}", "Brought in", "promises were made", tone="kept")
    else:
        made = Tile(f"{held.good:,}", "To be brought in", f"of {held.rows:,} rows")
    there = held.already_there + held.repeated
    customers = Tile(f"{held.customers:,}", "New customers", "known by no address yet")
    found = [
        made,
        Tile(
            f"{held.bad:,}",
            "Left out",
            "each with its reason" if held.bad else "every row will do",
            tone="late" if held.bad else "",
        ),
        Tile(f"{there:,}", "There already", "or twice in the file; none is made twice"),
    ]
    return [*found, customers] if held.customers else found


def progress(held: Import) -> tuple[str, int]:
    """In words, and in per cent where it is known how much there is."""
    if held.state == State.JUDGING:
        return f"{_count(held.done, 'row')} checked so far.", 0
    share = 100 * held.done // held.rows if held.rows else 0
    return f"{held.done:,} of {_count(held.rows, 'row')} done.", min(share, 100)


def usual(held: Import) -> str:
    """What the usual time of its kind stands for, where rows say none that can be taken."""
    parts = []
    if held.without_time:
        parts.append(f"{_count(held.without_time, 'row')} without a time")
    if held.not_understood:
        parts.append(f"{held.not_understood:,} whose time cannot be taken")
    return " and ".join(parts)


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
