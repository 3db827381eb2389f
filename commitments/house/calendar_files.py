"""A calendar file (iCalendar) read as closed days: what somebody exported is not to be trusted.

An event of whole days closes them; one with times is cut out of that day's hours. What was
cancelled, or takes no time, is left out. Only days from today on and within three years are read,
and however an event repeats, no more steps are counted than those years have room for.
"""

from __future__ import annotations

import time as time_of
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar as File
from icalendar import Event, vRecur

from commitments.errors import CommitmentError
from commitments.rules import business_time, saying
from commitments.rules.business_time import Hours, Span
from commitments.rules.laid_weeks import MINUTES_A_DAY

from .hours import MOST_DAYS, Day

LARGEST: Final = 1_000_000  # bytes
_MOST_EVENTS: Final = 3_000
_MOST_TIMES: Final = 1_500  # occurrences of one event within the window
_AHEAD: Final = timedelta(days=3 * 366)
_EARLIEST: Final = 1950  # an event that began before is not followed through the years
_LONGEST: Final = timedelta(days=60)  # one event
_STEPS: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_A_DAY: Final = timedelta(days=1)
_PATIENCE: Final = 3  # seconds for all events together


class WrongFile(CommitmentError):
    """This is no calendar that can be read."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


@dataclass(frozen=True, kw_only=True)
class Found:
    """The days, in their order, and a sentence for each event that was left out and matters."""

    days: tuple[Day, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass
class _Reading:
    """What is known of each day so far."""

    hours: Hours
    first: date
    last: date
    names: dict[date, list[str]] = field(default_factory=dict)
    breaks: dict[date, list[Span]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def close(self, on: date, name: str, span: Span = (0, MINUTES_A_DAY)) -> None:
        if self.first <= on <= self.last and span[0] < span[1]:
            self.names.setdefault(on, [])
            if name not in self.names[on]:
                self.names[on].append(name)
            self.breaks.setdefault(on, []).append(span)

    def days(self) -> Iterator[Day]:
        """Those on which other hours come of it than usual."""
        for on in sorted(self.breaks):
            usual = self.hours.weekly[on.weekday()]
            left = business_time.cut(usual, self.breaks[on])
            if left != usual:
                yield Day(on=on, name=", ".join(self.names[on])[:120], spans=left)


def read(data: bytes, *, hours: Hours, now: datetime) -> Found:
    """The days of a file as exceptions to these hours. Raises WrongFile."""
    if len(data) > LARGEST:
        raise WrongFile("That file is larger than 1 MB. Export fewer years, or only closing days.")
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    reading = _Reading(hours=hours, first=today, last=today + _AHEAD)
    events = _events(data)
    moved = _moved_away(events)
    ends = time_of.monotonic() + _PATIENCE
    for event in events:
        # A rule that never comes true is tried by the library for thousands of years.
        if time_of.monotonic() > ends:
            raise WrongFile("That file takes too long to read. Export only closing days.")
        name = _name(event)
        try:
            _take(event, name, reading, moved)
        except CommitmentError as no:
            reading.left_out.append(f"{name}: {no}")
        except Exception:  # noqa: BLE001 - a parser of strangers' files raises whatever it likes
            reading.left_out.append(f"{name}: its times cannot be read.")
    days = list(reading.days())
    if len(days) > MOST_DAYS:
        raise WrongFile(
            f"That file would change {len(days):,} days; at most {MOST_DAYS} can be kept at once."
        )
    return Found(days=tuple(days), left_out=tuple(reading.left_out[:20]))


def _events(data: bytes) -> list[Event]:
    wrong = WrongFile(
        "That is no calendar file. Export one that ends in .ics from your calendar program."
    )
    if b"BEGIN:VCALENDAR" not in data[:10_000].upper():
        raise wrong
    if data.upper().count(b"BEGIN:") > 2 * _MOST_EVENTS:
        raise WrongFile(f"That file holds more than {_MOST_EVENTS:,} events. Export fewer.")
    try:
        files = File.from_ical(data, multiple=True)
        found = [part for each in files for part in each.walk("VEVENT")]
    except Exception:  # noqa: BLE001 - likewise: recursion, encodings, whatever it stumbles over
        raise wrong from None
    events = [part for part in found if isinstance(part, Event)]
    if len(events) > _MOST_EVENTS:
        raise WrongFile(f"That file holds more than {_MOST_EVENTS:,} events. Export fewer.")
    return events


def _take(event: Event, name: str, reading: _Reading, moved: Mapping[str, set[date]]) -> None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT" and _is_timed(event):
        return  # it takes nobody's time; days marked so are still closing days in most exports
    begins = event.decoded("DTSTART")
    length = _length(event, begins)
    gone = _exceptions(event) | (
        set() if event.get("RECURRENCE-ID") else moved.get(str(event.get("UID", "")), set())
    )
    for at in _times(event, begins, length, reading):
        if _day_of(at) not in gone:
            _close(at, length, name, reading)


def _close(at: date | datetime, length: timedelta, name: str, reading: _Reading) -> None:
    """Close the days, or the hours, from one moment on."""
    if not isinstance(at, datetime):
        for number in range(max(length.days, 1)):
            reading.close(at + number * _A_DAY, name)
        return
    zone = ZoneInfo(reading.hours.zone)
    begins, ends = (at.astimezone(zone), (at.astimezone(UTC) + length).astimezone(zone))
    on = begins.date()
    while on <= ends.date():
        first = begins.hour * 60 + begins.minute if on == begins.date() else 0
        last = MINUTES_A_DAY if on < ends.date() else ends.hour * 60 + ends.minute
        reading.close(on, name, (first, last))
        on += _A_DAY


def _length(event: Event, begins: date | datetime) -> timedelta:
    if "DTEND" in event:
        length = _plain(event.decoded("DTEND"), begins) - _plain(begins, begins)
    elif "DURATION" in event:
        length = event.decoded("DURATION")
    else:
        length = timedelta() if isinstance(begins, datetime) else _A_DAY
    if length < timedelta():
        raise CommitmentError("it ends before it begins.")
    if length > _LONGEST:
        raise CommitmentError(f"it is longer than {_LONGEST.days} days.")
    return length


def _times(
    event: Event, begins: date | datetime, length: timedelta, reading: _Reading
) -> Iterator[date | datetime]:
    """Each time it takes place within the window, as the clocks of its own zone show it."""
    zone = _zone_of(begins, reading)
    starts = _on_the_wall(begins)
    from_, until = reading.first - length - 2 * _A_DAY, reading.last + 2 * _A_DAY
    walls = {starts, *(_on_the_wall(each) for each in _more(event))}
    if "RRULE" in event:
        walls |= set(_repeated(event["RRULE"], starts, until=until, from_=from_))
    for wall in sorted(walls):
        if from_ <= wall.date() <= until:
            yield wall.replace(tzinfo=zone) if isinstance(begins, datetime) else wall.date()


def _repeated(
    rules: Any,  # Any: one rule of the library's, or a list of them
    starts: datetime,
    *,
    until: date,
    from_: date,
) -> Iterator[datetime]:
    """Bounded on every side: a rule may name seconds, no end, or a day that never comes."""
    for rule in rules if isinstance(rules, list) else [rules]:
        steps = [str(each).upper() for each in rule.get("FREQ", [])]
        if not steps or not set(steps) <= _STEPS:
            raise CommitmentError("it repeats more often than daily.")
        if starts.year < _EARLIEST:
            raise CommitmentError(f"it has repeated since before {_EARLIEST}.")
        asked = {key: value for key, value in rule.items() if key not in {"UNTIL", "COUNT"}}
        text = vRecur(asked).to_ical().decode()  # type: ignore[no-untyped-call]  # its own stubs
        ends = min([until, *(_day_of(each) for each in rule.get("UNTIL", []))])
        found = rrulestr(f"{text};UNTIL={ends:%Y%m%d}T235959", dtstart=starts)
        count = min([int(each) for each in rule.get("COUNT", [])], default=None)
        within = (at for at in islice(iter(found), count) if at.date() >= from_)
        times = list(islice(within, _MOST_TIMES + 1))
        if len(times) > _MOST_TIMES:
            raise CommitmentError("it repeats too often.")
        yield from times


def _more(event: Event) -> list[date | datetime]:
    return [each for each in _dates(event, "RDATE") if isinstance(each, date)]


def _exceptions(event: Event) -> set[date]:
    return {_day_of(each) for each in _dates(event, "EXDATE")}


def _dates(event: Event, name: str) -> list[Any]:  # Any: dates, instants or spans of them
    found = event.get(name, [])
    lists = found if isinstance(found, list) else [found]
    return [each.dt for several in lists for each in several.dts]


def _moved_away(events: list[Event]) -> dict[str, set[date]]:
    """Of events that repeat, the days that an event of their own stands for."""
    moved: dict[str, set[date]] = {}
    for event in events:
        if event.get("RECURRENCE-ID") is not None:
            on = _day_of(event.decoded("RECURRENCE-ID"))
            moved.setdefault(str(event.get("UID", "")), set()).add(on)
    return moved


def _is_timed(event: Event) -> bool:
    return isinstance(event.decoded("DTSTART"), datetime)


def _day_of(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at


def _on_the_wall(at: date | datetime) -> datetime:
    if isinstance(at, datetime):
        return at.replace(tzinfo=None)
    return datetime.combine(at, time())


def _plain(at: date | datetime, like: date | datetime) -> datetime:
    """Comparable to the beginning, whatever zone either has."""
    if isinstance(at, datetime) and at.tzinfo is not None and isinstance(like, datetime):
        return at.astimezone(UTC) if like.tzinfo is not None else at.replace(tzinfo=None)
    return _on_the_wall(at)


def _zone_of(begins: date | datetime, reading: _Reading) -> tzinfo:
    """Its own; an event without one is meant in the calendar's."""
    own = begins.tzinfo if isinstance(begins, datetime) else None
    return own or ZoneInfo(reading.hours.zone)


def _name(event: Event) -> str:
    """On one line and without what nobody can see; a nameless event is a closing day."""
    text = str(event.get("SUMMARY", ""))
    seen = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(seen.split())[:80] or saying.sentence_case("closed")
