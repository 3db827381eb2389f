"""Days as people write them in tables: 21/05/2026 here is 5/21/2026 there.

Which of the two a file means cannot be known from one row: it is guessed from many, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

_WRITTEN: Final = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})"
    r"(?:[ T,]+(\d{1,2}):(\d\d)(?::\d\d)?(?: ?([AaPp])\.?[Mm]\.?)?)?",
    re.ASCII,
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTHS: Final = 12
_NOON: Final = 12


class Order(StrEnum):
    """Of what stands first in a day."""

    YEAR = "year"
    DAY = "day"
    MONTH = "month"


def guess(cells: Iterable[str]) -> Order:
    """The order that all of these can have; of two, what most of the world means."""
    found = [match for cell in cells if (match := _WRITTEN.fullmatch(cell.strip()))]
    if not found:
        return Order.YEAR
    if any(int(match[2]) > _MONTHS for match in found):
        return Order.MONTH
    return Order.DAY


def in_iso(text: str, order: Order) -> str:
    """`21/05/2026 2:30 pm` as `2026-05-21 14:30`; whatever is written otherwise, as it is."""
    match = _WRITTEN.fullmatch(text.strip()) if order is not Order.YEAR else None
    if match is None:
        return text
    first, second, year, hour, minute, half = match.groups()
    day, month = (first, second) if order is Order.DAY else (second, first)
    on = f"{'20' if len(year) == 2 else ''}{year}-{int(month):02}-{int(day):02}"
    if hour is None:
        return on
    return f"{on} {_of_day(int(hour), half):02}:{minute}"


def is_a_day(text: str) -> bool:
    """Whether it is a date without a time, in ISO 8601."""
    return _DAY.fullmatch(text) is not None


def _of_day(hour: int, half: str | None) -> int:
    if half is None or not 1 <= hour <= _NOON:
        return hour
    return hour % _NOON + (_NOON if half in "pP" else 0)
