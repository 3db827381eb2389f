"""A line over weeks: where its parts lie in a picture that is 520 wide and 196 high.

The picture is scaled as a whole, so places are plain numbers and no style is needed. The line need
not begin at nought, and so has no filled area; a week with too few to show is a gap in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from .tables import Table

_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 480.0, 12.0, 170.0
_STEPS: Final = (5, 10, 20, 25)  # per cent from one level to the next
_LEVELS: Final = 5  # above the lowest, at most
_FEWEST_LEVELS: Final = 4
_LABELS: Final = 6  # beneath, at most
_DRAWN: Final = 27  # half a year; of more weeks only the line is drawn
_TO_BE_HIT: Final = 9  # with more weeks they are too narrow for a finger: the table leads there


@dataclass(frozen=True, kw_only=True)
class Point:
    """One week: its share in per cent, or none where it has too few to show."""

    label: str
    share: float | None
    said: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Level:
    y: str
    words_y: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """A point in the picture; `start` and `width` are of the column that leads to its list."""

    x: str
    y: str
    radius: str
    start: str
    width: str
    said: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Label:
    x: str
    words: str
    is_second: bool  # every other one, left out where it is narrow


@dataclass(frozen=True, kw_only=True)
class Line:
    """`said` is what the picture shows, in a sentence; `goal` is dashed."""

    key: str
    title: str
    text: str
    said: str
    points: Sequence[Point]
    table: Table
    goal: int | None = None

    @property
    def is_empty(self) -> bool:
        return all(point.share is None for point in self.points)

    @property
    def leads_on(self) -> bool:
        """Whether the weeks in the picture are links."""
        return len(self.points) <= _TO_BE_HIT and any(point.url for point in self.points)

    @property
    def levels(self) -> list[Level]:
        """The thin lines, without the goal's own."""
        return [
            self._level(share)
            for share in range(self._floor, 101, self._step)
            if share != self.goal
        ]

    @property
    def goal_level(self) -> Level | None:
        """Where the dashed line is; its word stands above it."""
        if self.goal is None:
            return None
        is_named = self.goal % self._step == 0
        level = self._level(self.goal)
        return level if is_named else Level(y=level.y, words_y=level.words_y, words="")

    @property
    def goal_words_y(self) -> str:
        return _said(self._y(self.goal or 0) - 6)

    @property
    def paths(self) -> list[str]:
        """The line, cut where a week has too few to show."""
        runs = groupby(enumerate(self.points), key=lambda each: each[1].share is not None)
        found = [list(run) for is_known, run in runs if is_known]
        return [
            " ".join(f"{_said(self._x(at))},{_said(self._y(point.share))}" for at, point in run)
            for run in found
            if len(run) > 1
        ]

    @property
    def places(self) -> list[Place]:
        return list(self._places()) if len(self.points) <= _DRAWN else []

    @property
    def last(self) -> tuple[str, str, str] | None:
        """Where the latest share is written, and its words."""
        known = [at for at, point in enumerate(self.points) if point.share is not None]
        if not known:
            return None
        share = self.points[known[-1]].share or 0.0
        return _said(self._x(known[-1]) + 9), _said(self._y(share) + 4), f"{share:.0f}%"

    @property
    def labels(self) -> list[Label]:
        """Counted from the last, which is always named."""
        last = len(self.points) - 1
        apart = -(-len(self.points) // _LABELS)
        return [
            Label(
                x=_said(self._x(at)),
                words=self.points[at].label,
                is_second=(last - at) // apart % 2 == 1,
            )
            for at in range(last % apart, last + 1, apart)
        ]

    @property
    def _floor(self) -> int:
        return self._scale[0]

    @property
    def _step(self) -> int:
        return self._scale[1]

    @property
    def _scale(self) -> tuple[int, int]:
        """The lowest level, and how far the levels are apart."""
        known = [point.share for point in self.points if point.share is not None]
        lowest = min([*known, *([self.goal] if self.goal is not None else []), 100])
        for step in _STEPS:
            floor = int(lowest // step) * step
            if (100 - floor) // step <= _LEVELS:
                return min(floor, 100 - _FEWEST_LEVELS * step), step
        return 0, _STEPS[-1]

    def _level(self, share: float) -> Level:
        y = self._y(share)
        return Level(y=_said(y), words_y=_said(y + 4), words=f"{share:.0f}%")

    def _places(self) -> Iterator[Place]:
        step = (_RIGHT - _LEFT) / max(len(self.points) - 1, 1)
        last = len(self.points) - 1
        for at, point in enumerate(self.points):
            if point.share is None:
                continue
            yield Place(
                x=_said(self._x(at)),
                y=_said(self._y(point.share)),
                radius="4.5" if at == last else "3",
                start=_said(self._x(at) - step / 2),
                width=_said(step),
                said=point.said,
                url=point.url if self.leads_on else "",
            )

    def _x(self, at: int) -> float:
        if len(self.points) == 1:
            return (_LEFT + _RIGHT) / 2
        return _LEFT + at * (_RIGHT - _LEFT) / (len(self.points) - 1)

    def _y(self, share: float | None) -> float:
        return _BOTTOM - ((share or 0.0) - self._floor) * (_BOTTOM - _TOP) / (100 - self._floor)


def _said(place: float) -> str:
    """As SVG reads it, in every language."""
    return f"{place:.1f}"
