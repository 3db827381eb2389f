"""What a clock on the wall shows, turned into an instant.

One rule everywhere, for opening hours as for due times: a time that the clocks skip (02:30 on the
night they go forward) is the first instant after the gap, and a time that they show twice is its
first occurrence. Read this way, later on the wall is never earlier in the world.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from commitments.errors import CommitmentError

Trouble = Literal["", "skipped", "twice"]

# Names of the machine's own setting, of a placeholder, and of copies of the tree that count leap
# seconds: they load, and are not names of places.
_NOT_A_PLACE: Final = re.compile(r"(?:localtime|posixrules|Factory|posix/.*|right/.*)")
_NAME: Final = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,3}")
_SECOND: Final = timedelta(seconds=1)


class UnknownZone(CommitmentError):
    """The name is not one of the IANA time zone database."""


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name ("Europe/Berlin"), or UnknownZone."""
    if _NAME.fullmatch(name) and not _NOT_A_PLACE.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass  # refused below: the sentence is the same
    shown = name[:60].encode("ascii", "replace").decode()
    raise UnknownZone(
        f"“{shown}” is not a time zone we know. Use a name like Europe/Berlin or America/New_York.",
        field="zone",
    )


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the clocks of `zone` show the naive time `wall`."""
    return resolve(wall, zone)[0]


def resolve(wall: datetime, zone: ZoneInfo) -> tuple[datetime, Trouble]:
    """The same, and whether the clocks skip that time or show it twice."""
    wall = wall.replace(tzinfo=UTC)  # only a way to count: what follows takes the offset off
    before = _offset(wall, zone, fold=0)
    after = _offset(wall, zone, fold=1)
    if before == after:
        return wall - before, ""
    if before > after:
        return wall - before, "twice"
    return _change(wall - after, wall - before, zone), "skipped"


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When that day begins there, in UTC; where the clocks skip midnight, when they have."""
    return instant_of(datetime.combine(day, time.min), zone)


def midnight_after(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the day there, in UTC."""
    return midnight(now.astimezone(zone).date() + timedelta(days=1), zone)


def _offset(wall: datetime, zone: ZoneInfo, *, fold: int) -> timedelta:
    # A ZoneInfo knows the offset of every date; `None` is only in its type.
    return wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()


def _change(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two, to the second, at which the clocks change."""
    old = early.astimezone(zone).utcoffset()
    early, late = early.replace(microsecond=0), late.replace(microsecond=0) + _SECOND
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            early = middle
        else:
            late = middle
    return late
