"""Calendar files of ours (iCalendar, RFC 5545), for customers' calendars and for our own.

An entry read again under its `uid` takes the place of the one before, with its new time. No entry
takes anybody's time: a promise is kept somewhere before its end, not all of that while.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vDuration

_SHORT: Final = timedelta(minutes=15)  # an entry without length is not drawn by some programs


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`key` is the same for ever, `changed_at` and `sequence` grow with each new time.

    It begins with its window, if it has one, else shortly before its end.
    """

    key: str
    summary: str
    ends_at: datetime
    begins_at: datetime | None = None
    changed_at: datetime
    sequence: int = 0
    more: Mapping[str, str] | None = None  # properties by their names


def written(entries: Iterable[Entry], *, name: str = "", every: timedelta | None = None) -> bytes:
    """The whole file. With a name it is one to be read again and again, so often."""
    calendar = Calendar()
    calendar.add("prodid", "-//Followthrough//Promises//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)  # the older way to say so, which more programs know
    if every:
        calendar.add("refresh-interval", every, parameters={"VALUE": "DURATION"})
        often = vDuration(every).to_ical().decode()  # type: ignore[no-untyped-call]  # its own stubs
        calendar.add("x-published-ttl", often)
    for each in entries:
        calendar.add_component(_event(each))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("dtstamp", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.begins_at or entry.ends_at - _SHORT)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.summary)
    event.add("transp", "TRANSPARENT")
    for name, value in (entry.more or {}).items():
        event.add(name, value)
    return event
