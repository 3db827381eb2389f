"""Times of the demonstration, told from its present: "-3 10:20", "-2h", "+40m"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commitments.rules import wall_clock
from commitments.rules.business_time import Hours

_DAY: Final = re.compile(r"([+-]\d+) (\d\d):(\d\d)")
_LENGTH: Final = re.compile(r"([+-]\d+(?:\.\d+)?)([hm])")


@dataclass(frozen=True, kw_only=True)
class Diary:
    """The present, and the hours by which days and hours are counted from it."""

    now: datetime
    hours: Hours

    def when(self, said: str) -> datetime:
        """The instant meant.

        "-3 10:20" is that time on the third working day before today, "-2h" two working hours ago,
        and "+40m" forty minutes from now, whether at work or not.
        """
        day = _DAY.fullmatch(said)
        if day is not None:
            return self._on_day(int(day[1]), time(int(day[2]), int(day[3])))
        length = _LENGTH.fullmatch(said)
        if length is None:
            raise ValueError(f"No time of the demonstration: {said}")
        if length[2] == "m":
            return self.now + timedelta(minutes=float(length[1]))
        return self.hours.add(self.now, timedelta(hours=float(length[1])))

    def _on_day(self, days: int, clock: time) -> datetime:
        zone = ZoneInfo(self.hours.zone)
        closing = self.hours.closing(self.now, days)
        wall = datetime.combine(closing.astimezone(zone).date(), clock)
        return wall_clock.instant_of(wall, zone)
