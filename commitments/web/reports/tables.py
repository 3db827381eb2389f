"""The figures of a chart once more, as a table: for who cannot see it, and to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .bars import Cell


@dataclass(frozen=True, kw_only=True)
class Row:
    label: str
    cells: Sequence[Cell]
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """`head` names the rows first, and then each column."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Row]
