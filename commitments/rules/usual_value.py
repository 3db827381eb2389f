"""What is usually given: the middle of what was given before, and a range around it.

The range holds the middle eight of ten: from the value that a tenth lie at or below, to the one
that nine tenths do. Each is a value that was really given (the nearest rank), never one in between.
Of fewer than twenty nothing is usual, and nothing is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ENOUGH: Final = 20
LOW, MIDDLE, HIGH = 1, 5, 9  # tenths


@dataclass(frozen=True, kw_only=True)
class Usual:
    """Of `count` values; `is_of_cause` where only those for the same cause were looked at."""

    low: Decimal
    median: Decimal
    high: Decimal
    count: int
    is_of_cause: bool = False

    def holds(self, value: Decimal) -> bool:
        """Both ends are usual."""
        return self.low <= value <= self.high


def of(values: Sequence[Decimal], *, is_of_cause: bool = False) -> Usual | None:
    """None where they are too few."""
    ranked, count = sorted(values), len(values)
    if count < ENOUGH:
        return None
    low, median, high = (ranked[rank(count, tenths) - 1] for tenths in (LOW, MIDDLE, HIGH))
    return Usual(low=low, median=median, high=high, count=count, is_of_cause=is_of_cause)


def rank(count: int, tenths: int) -> int:
    """Which of so many, counted from 1, so many tenths lie at or below."""
    return -(-count * tenths // 10)
