"""A chart of bars, the same figures three times: drawn, written beside each bar, and as a table.

Lengths are in per cent of the chart, so that the drawing needs no style of its own. Bars begin at
zero, and the longest leaves room on its right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_ROOM = 1.15


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of a bar. `tone` is a class of app.css; hatched means: the customer was not told."""

    tone: str
    size: float
    hatched: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A figure of the table, and the list behind it; or only a way to somewhere."""

    words: str
    url: str = ""
    is_a_way: bool = False


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`value` stands beside it, `note` small after that; `said` completes it where nothing is seen.

    `mark` is a limit drawn across it; `cells` are what its row of the table holds.
    """

    label: str
    parts: Sequence[Part]
    value: str
    note: str = ""
    said: str = ""
    url: str = ""
    cells: Sequence[Cell] = ()
    mark: float | None = None

    @property
    def size(self) -> float:
        return sum(part.size for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Key:
    """What a tone means."""

    tone: str
    words: str
    hatched: bool = False


@dataclass(frozen=True, kw_only=True)
class Rect:
    """A drawn part: its place and its length as SVG takes them."""

    tone: str
    hatched: bool
    x: str
    width: str


@dataclass(frozen=True, kw_only=True)
class Drawn:
    bar: Bar
    rects: Sequence[Rect]
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Bars:
    """`title` states what is found, `counted` what was counted; `head` names the rows of the table.

    `whole` is what a bar of full length would say; else the longest bar and some room. `empty` is
    said where there is nothing to draw.
    """

    title: str
    counted: str
    head: str
    columns: Sequence[str]
    bars: Sequence[Bar]
    legend: Sequence[Key] = ()
    whole: float = 0
    empty: str = "There is nothing to count yet."
    style: str = ""

    @property
    def drawn(self) -> list[Drawn]:
        longest = max((max(bar.size, bar.mark or 0) for bar in self.bars), default=0)
        whole = self.whole or _ROOM * longest or 1
        return [
            Drawn(
                bar=bar,
                rects=_rects(bar, whole=whole),
                mark=f"{100 * bar.mark / whole:.2f}%" if bar.mark else "",
            )
            for bar in self.bars
        ]

    @property
    def is_empty(self) -> bool:
        return not any(bar.size for bar in self.bars)


def _rects(bar: Bar, *, whole: float) -> list[Rect]:
    found, start = [], 0.0
    for part in bar.parts:
        width = 100 * part.size / whole
        if part.size:
            found.append(
                Rect(
                    tone=part.tone,
                    hatched=part.hatched,
                    x=f"{start:.2f}%",
                    width=f"{width:.2f}%",
                )
            )
        start += width
    return found
