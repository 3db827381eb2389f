"""Counts by weekday and hour: a table whose cells are the darker the more they count.

It is its own table of figures: every cell has its number, so that nothing depends on the colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_USUAL: Final = range(9, 18)  # hours shown in any case
_WORKDAYS: Final = range(5)
_SHADES: Final = 4


@dataclass(frozen=True, kw_only=True)
class Square:
    """`shade` is from 0, nothing, to 4, as many as anywhere."""

    count: int
    shade: int
    hour: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Day:
    name: str
    short: str
    squares: Sequence[Square]
    total: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Heat:
    key: str
    title: str
    text: str
    hours: Sequence[tuple[str, str]]  # as it heads a column, and as it is read out
    days: Sequence[Day]

    @property
    def is_empty(self) -> bool:
        return not any(day.total for day in self.days)


def heat_of(
    counts: Sequence[Sequence[int]],
    *,
    key: str,
    title: str,
    text: str,
    url: Callable[[int, int], str],
    day_url: Callable[[int], str],
) -> Heat:
    """`counts` are seven times 24, Monday first; `url` leads to what a weekday and hour count, and
    `day_url` to what a weekday does.
    """
    hours = _shown(_USUAL, [sum(day[hour] for day in counts) for hour in range(24)])
    days = _shown(_WORKDAYS, [sum(day) for day in counts])
    most = max((max(day) for day in counts), default=0)
    return Heat(
        key=key,
        title=title,
        text=text,
        hours=[(f"{hour:02}", hour_said(hour)) for hour in hours],
        days=[
            Day(
                name=DAYS[weekday],
                short=DAYS[weekday][:3],
                total=sum(counts[weekday]),
                url=day_url(weekday) if any(counts[weekday]) else "",
                squares=[
                    Square(
                        count=counts[weekday][hour],
                        shade=_shade(counts[weekday][hour], most=most),
                        hour=hour_said(hour),
                        url=url(weekday, hour) if counts[weekday][hour] else "",
                    )
                    for hour in hours
                ],
            )
            for weekday in days
        ],
    )


def _shown(usual: range, totals: Sequence[int]) -> range:
    """From the first to the last that is usual or counts something."""
    known = [at for at, total in enumerate(totals) if total]
    return range(min([usual.start, *known]), max([usual.stop - 1, *known]) + 1)


def _shade(count: int, *, most: int) -> int:
    return -(-count * _SHADES // most) if most else 0


def hour_said(hour: int) -> str:
    """`9 to 10 am`, `11 am to 12 noon`."""
    start, end = _clock(hour), _clock((hour + 1) % 24)
    is_same_half = start[1] == end[1] and start[1] in ("am", "pm")
    return f"{start[0]}{'' if is_same_half else f' {start[1]}'} to {end[0]} {end[1]}"


def _clock(hour: int) -> tuple[int, str]:
    if hour % 12 == 0:
        return 12, "noon" if hour else "midnight"
    return hour % 12, "am" if hour < 12 else "pm"
