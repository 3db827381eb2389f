"""Working time: add it, count back by it, measure it.

A calendar is a week of opening hours in one time zone, with exceptions by date. Hours are times on
the wall there, and what passes between opening and closing is measured as real elapsed time: the
shift over the night on which the clocks go forward is an hour shorter. Opening instants are open,
closing instants are closed, and work that ends exactly at closing time ends then, not at the next
opening. Backwards is the mirror image.

Hours are laid out as instants week by week and kept: an answer on a calendar that was used before
takes a few microseconds, and a long way is walked a week at a step.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Self, TypeAlias

from commitments.errors import CommitmentError
from commitments.rules import laid_weeks, steps, wall_clock
from commitments.rules.laid_weeks import MINUTES_A_DAY, Week
from commitments.rules.steps import walking

Span: TypeAlias = laid_weeks.Span

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_CLOSED_WEEKS: Final = 5 * 53  # so long without an open minute, and we say that it never opens
_FAR: Final = 50 * 53  # weeks that one calculation may cross
# Instants that are counted from or to: far enough, and safe from the ends of `datetime`.
_FIRST: Final = datetime(1000, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9000, 1, 1, tzinfo=UTC)
# A local date is at most this many days from the date in UTC, also across a change of clocks.
_MARGIN: Final = 2


class WrongHours(CommitmentError):
    """These opening hours cannot be."""


class NeverOpen(CommitmentError):
    """The calendar has no opening hours in the years that are searched."""


class TooFar(CommitmentError):
    """The calculation leaves the years that are counted."""


@dataclass(frozen=True)
class Hours:
    """A calendar: the spans of each weekday, Monday first, and other spans for single dates.

    A span is (opens, closes) in whole minutes after local midnight; 1440 is midnight at the end of
    the day. A date in `exceptions` has those hours instead of its weekday's; () is a holiday.
    Every instant taken must be aware; every instant returned is in UTC. Equal hours are equal and
    share what was laid out for them. Raises WrongHours or UnknownZone for what cannot be.
    """

    zone: str
    weekly: tuple[tuple[Span, ...], ...]
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    _laid: laid_weeks.LaidWeeks = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        zone = wall_clock.zone_named(self.zone)
        if len(self.weekly) != len(_WEEKDAYS):
            raise WrongHours("Give opening hours for each of the seven days, Monday first.")
        weekly = tuple(map(_checked, self.weekly, _WEEKDAYS))
        exceptions = {
            on: _checked(spans, f"{on.day} {on:%B %Y}")
            for on, spans in sorted(self.exceptions.items())
        }
        object.__setattr__(self, "weekly", weekly)
        object.__setattr__(self, "exceptions", MappingProxyType(exceptions))
        laid = laid_weeks.of(zone, weekly, tuple(exceptions.items()))
        object.__setattr__(self, "_laid", laid)

    def __hash__(self) -> int:
        return hash((self.zone, self.weekly))

    @classmethod
    def round_the_clock(cls, zone: str) -> Self:
        """Open at every instant."""
        return cls(zone, (((0, MINUTES_A_DAY),),) * len(_WEEKDAYS))

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The first instant by which that much working time has passed after `start`.

        Nothing to add: `start` if it is open, else the next opening. A negative length counts
        backwards. Raises NeverOpen or TooFar.
        """
        left = laid_weeks.micros_in(length)
        at = _micros(start)
        return laid_weeks.instant(self._back(at, -left) if left < 0 else self._forward(at, left))

    def add_days(self, start: datetime, days: int) -> datetime:
        """The same time of day on the N-th working day after `start`'s local date.

        Where that is closed, the next open instant; counting backwards, the closing before it.
        0 days is `start` itself, or the next opening. Raises NeverOpen or TooFar.
        """
        if days == 0:
            return self.next_open(start)
        local = self._local(start)
        on = date.fromordinal(self._working_day(local.date(), days)[0])
        at = wall_clock.instant_of(datetime.combine(on, local.time()), self._laid.zone)
        if days < 0 and not self.is_open(at):
            return laid_weeks.instant(self._back(_micros(at), 0))
        return self.next_open(at)

    def closing(self, start: datetime, days: int) -> datetime:
        """When the N-th working day after `start`'s local date closes.

        0 is that date, or the next working day where it is none; -1 is the working day before it.
        Raises NeverOpen or TooFar.
        """
        return laid_weeks.instant(self._working_day(self._local(start).date(), days)[1])

    def walk(self, start: datetime, length: timedelta) -> steps.Chain:
        """The steps by which `add` arrives: what was worked, and what was skipped and why.

        What was worked adds up to `length`, which is not negative; the last step ends where `add`
        does. At most 41 steps: a long way is told in longer ones. Raises NeverOpen or TooFar.
        """
        left, begins = laid_weeks.micros_in(length), _micros(start)
        if left < 0:
            raise steps.WrongSteps("The way to a deadline is told forwards.")
        return walking.worked(self._laid, begins, self._forward(begins, left))

    def walk_days(
        self, start: datetime, days: int, *, clock: time | None = None, zone: str = ""
    ) -> steps.Chain:
        """The steps by which `closing` arrives, or on that day at `clock` as `zone` shows it.

        The days counted add up to `days`, which is not negative; `zone` is the calendar's unless
        given. Raises WrongSteps where the day has closed by then, NeverOpen or TooFar.
        """
        begins, today = _micros(start), self._local(start).date()
        on, ends = self._working_day(today, days)
        wall = (zone or self.zone) if clock is not None else ""
        if clock is not None:
            there = wall_clock.zone_named(wall)
            at = wall_clock.instant_of(datetime.combine(date.fromordinal(on), clock), there)
            ends = laid_weeks.micros_at(at)
        if days < 0 or ends < begins:
            raise steps.WrongSteps("That is before it starts. Give a later time.")
        last = walking.due_day(self._laid, on, begins=begins, ends=ends, days=days, zone=wall)
        return walking.counted(self._laid, begins, last)

    def closing_on(self, day: date) -> datetime | None:
        """When this date closes; None where it has no hours. Raises TooFar."""
        if not _FIRST.date() <= day <= _LAST.date():
            raise _too_far()
        on = day.toordinal()
        closings = dict(self._laid.week(laid_weeks.week_of(on)).days)
        return laid_weeks.instant(closings[on]) if on in closings else None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one instant to the other; negative if `end` is the earlier."""
        first, last = _micros(start), _micros(end)
        if last < first:
            return -self.between(end, start)
        weeks = range(
            laid_weeks.week_at(first, days=-_MARGIN), laid_weeks.week_at(last, days=_MARGIN) + 1
        )
        if len(weeks) > _FAR:
            raise _too_far()
        total = sum(_overlap(self._laid.week(number), first, last) for number in weeks)
        return timedelta(microseconds=total)

    def is_open(self, at: datetime) -> bool:
        """Opening instants are open, closing instants are closed."""
        micros = _micros(at)
        first = laid_weeks.week_at(micros, days=-_MARGIN)
        last = laid_weeks.week_at(micros, days=_MARGIN)
        return any(
            _overlap(self._laid.week(number), micros, micros + 1)
            for number in range(first, last + 1)
        )

    def next_open(self, at: datetime) -> datetime:
        """`at` itself if it is open, else the next opening. Raises NeverOpen."""
        return laid_weeks.instant(self._forward(_micros(at), 0))

    def _local(self, at: datetime) -> datetime:
        _micros(at)
        return at.astimezone(self._laid.zone)

    def _forward(self, at: int, left: int) -> int:
        for week in self._weeks(laid_weeks.week_at(at, days=-_MARGIN), step=1):
            if week.total < left and week.opens and week.opens[0] >= at:
                left -= week.total
                continue
            for number in range(bisect_right(week.closes, at), len(week.closes)):
                opens = max(week.opens[number], at)
                if week.closes[number] - opens >= left:
                    return opens + left
                left -= week.closes[number] - opens
        raise _too_far()

    def _back(self, at: int, left: int) -> int:
        for week in self._weeks(laid_weeks.week_at(at, days=_MARGIN), step=-1):
            if week.total < left and week.closes and week.closes[-1] <= at:
                left -= week.total
                continue
            for number in reversed(range(bisect_left(week.opens, at))):
                closes = min(week.closes[number], at)
                if closes - week.opens[number] >= left:
                    return closes - left
                left -= closes - week.opens[number]
        raise _too_far()

    def _working_day(self, day: date, days: int) -> tuple[int, int]:
        """The ordinal of the N-th working day after `day` (0: from `day` on), and its closing."""
        on, left, step = day.toordinal(), max(abs(days), 1), -1 if days < 0 else 1
        edge = on if days == 0 else on + step
        for week in self._weeks(laid_weeks.week_of(on), step=step):
            found = [laid for laid in week.days[::step] if (laid[0] - edge) * step >= 0]
            if len(found) >= left:
                return found[left - 1]
            left -= len(found)
        raise _too_far()

    def _weeks(self, first: int, *, step: int) -> Iterator[Week]:
        """The weeks from one on, forwards or back, until it is plain that none is open."""
        closed = 0
        for number in range(first, first + step * _FAR, step):
            week = self._laid.week(number)
            closed = 0 if week.total else closed + 1
            if closed > _CLOSED_WEEKS:
                raise NeverOpen(
                    "This calendar has no opening hours for five years on end."
                    " Give it opening hours, or use another."
                )
            yield week


def cut(spans: Iterable[Span], breaks: Iterable[Span]) -> tuple[Span, ...]:
    """The hours of a day without its breaks, which may overlap. Raises WrongHours."""
    left = list(spans)
    for begins, ends in breaks:
        if begins >= ends:
            raise WrongHours(
                f"The break from {clock_of(begins)} to {clock_of(ends)} ends before it begins."
            )
        pieces = [
            ((opens, min(closes, begins)), (max(opens, ends), closes)) for opens, closes in left
        ]
        left = [piece for pair in pieces for piece in pair if piece[0] < piece[1]]
    return tuple(sorted(left))


def minutes_of(clock: str) -> int:
    """Minutes after midnight for "09:30"; "24:00" is midnight at the end of the day."""
    if clock == "24:00":
        return MINUTES_A_DAY
    match = _CLOCK.fullmatch(clock)
    if match is None:
        raise WrongHours("Write a time of day with hours and minutes, like 09:30 or 24:00.")
    return int(match[1]) * 60 + int(match[2])


def clock_of(minutes: int) -> str:
    """The inverse of `minutes_of`: "09:30" for 570."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _checked(spans: Iterable[Span], day: str) -> tuple[Span, ...]:
    ordered = tuple(sorted((int(opens), int(closes)) for opens, closes in spans))
    for opens, closes in ordered:
        if opens < 0 or closes > MINUTES_A_DAY:
            raise WrongHours(f"{day}: hours lie between 00:00 and 24:00 of one day.")
        if opens >= closes:
            raise WrongHours(
                f"{day}: {clock_of(opens)} to {clock_of(closes)} ends before it begins."
                " For a night, give the hours until 24:00 and those of the next day from 00:00."
            )
    for (_, closes), (opens, _) in pairwise(ordered):
        if opens < closes:
            raise WrongHours(
                f"{day}: hours overlap between {clock_of(opens)} and {clock_of(closes)}."
                " Make them one."
            )
    return ordered


def _overlap(week: Week, first: int, last: int) -> int:
    """The working time of a week that lies between two instants."""
    if not week.total:
        return 0
    if first <= week.opens[0] and week.closes[-1] <= last:
        return week.total
    begin, end = bisect_right(week.closes, first), bisect_left(week.opens, last)
    return sum(
        min(week.closes[number], last) - max(week.opens[number], first)
        for number in range(begin, end)
    )


def _micros(at: datetime) -> int:
    if not _FIRST <= at <= _LAST:
        raise _too_far()
    return laid_weeks.micros_at(at)


def _too_far() -> TooFar:
    return TooFar("That is more than fifty years away. Give a nearer time.")
