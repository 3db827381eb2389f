"""Not now: quiet hours, and the next working minute. Pure: instants and clock times in and out.

Quiet hours are read from the clock on the wall of their zone. Every evening they begin the first
time it shows `since`, and they end the first time after that it shows `until`; a time that the
clocks skip is the first instant after the gap. So a night is one quiet stretch, also the two nights
on which the clocks change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """From when to when nobody wants to be disturbed; past midnight where `until` is earlier."""

    since: time
    until: time
    zone: ZoneInfo

    def end_after(self, at: datetime) -> datetime | None:
        """When the quiet stretch that holds at `at` ends, in UTC; None while it is not quiet."""
        today = at.astimezone(self.zone).date()
        for day in (today - _DAY, today):
            begins, ends = self._stretch(datetime.combine(day, time()))
            if begins <= at < ends:
                return ends
        return None

    def _stretch(self, midnight: datetime) -> tuple[datetime, datetime]:
        ends_on = midnight if self.since < self.until else midnight + _DAY
        return (
            _instant(datetime.combine(midnight, self.since), self.zone),
            _instant(datetime.combine(ends_on, self.until), self.zone),
        )


def goes_out_at(
    at: datetime, *, hours: Hours | None, work_resumes_at: datetime | None = None
) -> datetime:
    """When something that is ready at `at` may disturb: at work, if that is asked, and awake."""
    if work_resumes_at is not None:
        at = max(at, work_resumes_at)
    while hours is not None and (ends := hours.end_after(at)) is not None:
        at = ends
    return at


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the clocks of `zone` have come to the naive `wall`."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:  # shown once, or for the first time
        return first
    return _change(second, first, zone)


def _change(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two, to the second, at which the clocks go forward."""
    old = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            early = middle
        else:
            late = middle
    return late
