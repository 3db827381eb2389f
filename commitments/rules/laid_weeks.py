"""Opening hours laid out as instants, a week at a time, and kept for the next question.

Everything here counts whole microseconds since 1970 in UTC: integers compare and add several times
faster than datetimes, and no zone can get between two of them. Weeks are numbered from the Monday
on which the calendar of `date` begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from commitments.rules import wall_clock

Span = tuple[int, int]

MINUTES_A_DAY: Final = 24 * 60
DAY: Final = MINUTES_A_DAY * 60_000_000

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ON_A_WALL: Final = datetime(1970, 1, 1)  # noqa: DTZ001  a wall time has no zone yet
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_MICROSECOND: Final = timedelta.resolution
_MINUTE: Final = 60_000_000
_KEPT_WEEKS: Final = 1040
# A local date is at most this many days from the date in UTC, also across a change of clocks.
_MARGIN: Final = 2


class Week(NamedTuple):
    """The spans of a week that have any length, in order; their sum; and its working days."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    total: int
    days: tuple[tuple[int, int], ...]  # (ordinal of the date, when it closes)


def micros_in(length: timedelta) -> int:
    return length // _MICROSECOND


def micros_at(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def week_of(ordinal: int) -> int:
    """The number of the week that holds this date."""
    return (ordinal - 1) // 7


def week_at(micros: int, *, days: int) -> int:
    """The number of the week that holds the date in UTC so many days from an instant."""
    return week_of(micros // DAY + _EPOCH_ORDINAL + days)


class LaidWeeks:
    """The weeks of one calendar, laid when first asked for."""

    def __init__(
        self,
        zone: ZoneInfo,
        weekly: tuple[tuple[Span, ...], ...],
        exceptions: Iterable[tuple[date, tuple[Span, ...]]],
    ) -> None:
        self.zone = zone
        self._weekly = weekly
        self._exceptions: Mapping[int, tuple[Span, ...]] = {
            on.toordinal(): spans for on, spans in exceptions
        }
        self._usual = _laid(weekly, lambda wall: wall)
        self._weeks: dict[int, Week] = {}

    def week(self, number: int) -> Week:
        laid = self._weeks.get(number)
        if laid is None:
            if len(self._weeks) >= _KEPT_WEEKS:
                self._weeks.clear()
            laid = self._weeks[number] = self._lay(number)
        return laid

    def spans(self, first: int, last: int) -> Iterator[tuple[int, int, int]]:
        """What is open between two instants: from, until, and the ordinal of the date."""
        for number in range(week_at(first, days=-_MARGIN), week_at(last, days=_MARGIN) + 1):
            for opens, closes, on in self._dated(self.week(number)):
                begin, end = max(opens, first), min(closes, last)
                if begin < end:
                    yield begin, end, on

    def spans_on(self, on: int) -> list[Span]:
        """What is open on a date, as instants."""
        dated = self._dated(self.week(week_of(on)))
        return [(opens, closes) for opens, closes, day in dated if day == on]

    def is_working(self, on: int) -> bool:
        return any(day == on for day, _ in self.week(week_of(on)).days)

    def usual_on(self, on: int) -> tuple[Span, ...]:
        """The hours of that weekday."""
        return self._weekly[(on - 1) % 7]

    def has_exception(self, on: int) -> bool:
        return on in self._exceptions

    def midnight(self, on: int) -> int:
        """The instant at which a date begins."""
        return self._read((on - _EPOCH_ORDINAL) * DAY)

    def date_at(self, micros: int) -> int:
        """The ordinal of the date that clocks show at an instant."""
        return instant(micros).astimezone(self.zone).toordinal()

    @staticmethod
    def _dated(week: Week) -> Iterator[tuple[int, int, int]]:
        days = iter(week.days)
        on, last = 0, -1
        for number, (opens, closes) in enumerate(zip(week.opens, week.closes, strict=True)):
            if number == 0 or opens >= last:
                on, last = next(days)
            yield opens, closes, on

    def _lay(self, number: int) -> Week:
        monday = number * 7 + 1
        midnight = (monday - _EPOCH_ORDINAL) * DAY
        shift = self._steady_shift(midnight)
        days = range(monday, monday + 7)
        if shift is not None and self._exceptions.keys().isdisjoint(days):
            return _moved(self._usual, midnight - shift, monday)
        spans = [self._exceptions.get(on, self._weekly[on - monday]) for on in days]
        laid = _laid(spans, lambda wall: self._read(wall + midnight))
        return laid._replace(days=tuple((on + monday, closes) for on, closes in laid.days))

    def _steady_shift(self, midnight: int) -> int | None:
        """The offset from UTC all through the week; None in a week in which the clocks change.

        They change when the offset differs between days around the week. No zone has ever changed
        its clocks and changed them back in less than six days, so a look every third day suffices.
        """
        shifts = {_shift(self.zone, midnight + days * DAY) for days in (-1, 2, 5, 8)}
        return shifts.pop() if len(shifts) == 1 else None

    def _read(self, wall: int) -> int:
        on_the_wall = _EPOCH_ON_A_WALL + timedelta(microseconds=wall)
        return micros_at(wall_clock.instant_of(on_the_wall, self.zone))


@lru_cache(maxsize=8192)
def _shift(zone: ZoneInfo, micros: int) -> int:
    """The offset from UTC, the same for every calendar of a zone."""
    # A ZoneInfo knows the offset of every instant; `None` is only in its type.
    offset = instant(micros).astimezone(zone).utcoffset() or timedelta()
    return offset // _MICROSECOND


def _laid(spans: Sequence[tuple[Span, ...]], read: Callable[[int], int]) -> Week:
    """A week whose days are counted from 0, its wall times read by `read`."""
    opens: list[int] = []
    closes: list[int] = []
    days: list[tuple[int, int]] = []
    for on, of_the_day in enumerate(spans):
        before = len(opens)
        for first, last in of_the_day:
            begin, end = read(on * DAY + first * _MINUTE), read(on * DAY + last * _MINUTE)
            if begin < end:  # the clocks may skip all of it
                opens.append(begin)
                closes.append(end)
        if len(opens) > before:
            days.append((on, closes[-1]))
    return Week(tuple(opens), tuple(closes), sum(closes) - sum(opens), tuple(days))


def _moved(week: Week, by: int, monday: int) -> Week:
    return Week(
        tuple([opens + by for opens in week.opens]),
        tuple([closes + by for closes in week.closes]),
        week.total,
        tuple([(on + monday, closes + by) for on, closes in week.days]),
    )


@lru_cache(maxsize=64)
def of(
    zone: ZoneInfo,
    weekly: tuple[tuple[Span, ...], ...],
    exceptions: tuple[tuple[date, tuple[Span, ...]], ...],
) -> LaidWeeks:
    """The laid weeks that equal calendars share, so that reading one again costs nothing."""
    return LaidWeeks(zone, weekly, exceptions)
