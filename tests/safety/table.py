"""The tables of docs/security.md: what is to become of whom at which door.

A row names its doors, each by the name of its address or, of the API, by its path; `*` stands for
anything. The column "How" names the method; every other column is somebody, by role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Final

from tests.safety.doors import Door

PAGE: Final = Path(__file__).parents[2] / "docs" / "security.md"
ROLES: Final = (
    *("nobody", "customer", "stranger", "agent", "lead", "manager", "auditor", "administrator"),
    *("reader", "service"),
)
# A program that comes to a page with its token is nobody there: those columns are left out.
_PROGRAMS: Final = ("reader", "service")
WORDS: Final = frozenset({"yes", "own", "shows", "no", "sign in", "403", "404", "405"})


@dataclass(frozen=True, kw_only=True)
class Row:
    """What everybody is to meet at these doors."""

    line: int
    names: tuple[str, ...]
    method: str
    meets: Mapping[str, str]

    def is_of(self, door: Door) -> bool:
        return door.method == self.method and any(
            door.name == name or fits(door, name) for name in self.names
        )


@cache
def rows() -> tuple[Row, ...]:
    """Of all tables under "Who sees what"."""
    part = PAGE.read_text().partition("## Who sees what")[2].partition("\n## ")[0]
    return tuple(_rows(part.splitlines()))


def row_of(door: Door) -> Row | None:
    """The one that names the door; else the one whose `*` comes last, and says most."""
    found = [
        (name == door.name, name.find("*"), len(name), row)
        for row in rows()
        for name in row.names
        if row.method == door.method and (name == door.name or fits(door, name))
    ]
    best = [each for each in found if each[:3] == max(each[:3] for each in found)]
    assert len(best) < 2, f"{door} has several rows."
    return best[0][3] if best else None


def fits(door: Door, name: str) -> bool:
    return "*" in name and fnmatchcase(door.name, name)


def _rows(lines: list[str]) -> Iterator[Row]:
    heads: list[str] = []
    for number, line in enumerate(lines):
        if not line.startswith("| "):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "Door":
            heads = [cell.lower() for cell in cells[2:]]
        elif set(cells[0]) != {"-"} and heads:
            yield from _row(number, cells, heads)


def _row(number: int, cells: list[str], heads: list[str]) -> Iterator[Row]:
    meets = dict(zip(heads, cells[2:], strict=True))
    nobody = dict.fromkeys(_PROGRAMS, meets["nobody"])
    for method in cells[1].split():
        names = tuple(re.findall(r"`([^`]+)`", cells[0]))
        yield Row(line=number, names=names, method=method, meets=nobody | meets)
