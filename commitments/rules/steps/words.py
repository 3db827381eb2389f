"""Steps in plain short words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commitments.rules import saying

from .chain import Step, What, Why

_NOBODY_NAMED: Final[Mapping[date, str]] = {}
_NOTHING: Final = timedelta()


@dataclass(frozen=True, kw_only=True)
class _Reader:
    zone: str
    now: datetime
    holidays: Mapping[date, str]

    def day(self, on: date) -> str:
        noon = datetime.combine(on, time(12), ZoneInfo(self.zone))
        return saying.say_day(noon, zone=self.zone, now=self.now)

    def days(self, step: Step) -> str:
        """`Mon 25 May`, `Sat 23 May and Sun 24 May`, `Mon 4 May to Fri 8 May`."""
        first, last = step.on, step.last_on or step.on
        if first == last:
            return self.day(first)
        joint = "and" if (last - first).days == 1 else "to"
        return f"{self.day(first)} {joint} {self.day(last)}"

    def time(self, at: datetime) -> str:
        return saying.say_time(at, zone=self.zone, now=self.now)

    def clock(self, at: datetime) -> str:
        return saying.say_clock(at, zone=self.zone)

    def time_after(self, at: datetime, before: datetime) -> str:
        """A time; the clock alone on the day that was said before."""
        same_day = self.day_of(at) == self.day_of(before)
        return self.clock(at) if same_day else self.time(at)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def names(self, step: Step) -> str:
        """What the holidays of these days are called, each once."""
        last = step.last_on or step.on
        days = (step.on + timedelta(days=number) for number in range((last - step.on).days + 1))
        found = (self.holidays[day] for day in days if self.holidays.get(day))
        return ", ".join(dict.fromkeys(found))


def say(
    step: Step, *, zone: str, now: datetime, holidays: Mapping[date, str] = _NOBODY_NAMED
) -> str:
    """A step in plain words, its times on the clocks of `zone`: `Fri 22 May: working day 1`.

    `holidays` names dates of the calendar, closed or open at other hours.
    """
    reader = _Reader(zone=zone, now=now, holidays=holidays)
    return _SAYING[step.what](step, reader)


def say_length(length: timedelta) -> str:
    """A length in hours however long it is: `40 h`, `3 h 20 min`, `45 s`."""
    hours, left = divmod(int(length.total_seconds()), 3600)
    minutes, seconds = divmod(left, 60)
    parts = [f"{hours:,} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    parts += [f"{seconds} s"] * bool(seconds and not hours)
    return " ".join(parts) or "less than a minute"


def _say_started(step: Step, reader: _Reader) -> str:
    return f"From {reader.time(step.begins_at)}"


def _say_elapsed(step: Step, reader: _Reader) -> str:
    arrived = f"{reader.time(step.ends_at)}{_clocks_in_words(step)}"
    return f"{say_length(step.amount)} later: {arrived}"


def _say_counted(step: Step, reader: _Reader) -> str:
    return f"{reader.days(step)}: {_working_days(step)}"


def _say_waited(step: Step, reader: _Reader) -> str:
    moves = f"moves to {reader.time(step.ends_at)}"
    return f"Waited for the customer, {say_length(step.amount)}: {moves}"


def _say_worked(step: Step, reader: _Reader) -> str:
    end = reader.time_after(step.ends_at, step.begins_at)
    count = f"{step.days:,} working days, " if step.days > 1 else ""
    said = f"{reader.time(step.begins_at)} to {end}: {count}{_as_shown(step)}"
    return f"{said}{_clocks_in_words(step)}{_other_hours(step, reader)}"


def _as_shown(step: Step) -> str:
    """The working time between the two times as they are shown, which is to the minute."""
    lost = timedelta(seconds=step.ends_at.second, microseconds=step.ends_at.microsecond)
    won = timedelta(seconds=step.begins_at.second, microseconds=step.begins_at.microsecond)
    return say_length(step.amount + won - lost)


def _say_skipped(step: Step, reader: _Reader) -> str:
    opening = reader.time_after(step.ends_at, step.begins_at)
    match step.why:
        case Why.BREAK:
            return f"Break until {opening}"
        case Why.SAME_DAY:
            return f"{reader.days(step)} itself does not count"
        case Why.HOLIDAY:
            name = reader.names(step) or "a holiday"
            return f"{reader.days(step)}, {name}: closed{_until_opening(step, reader)}"
        case Why.CLOSED:
            return f"{reader.days(step)}: closed{_until_opening(step, reader)}"
    return f"Closed until {opening}"


def _until_opening(step: Step, reader: _Reader) -> str:
    """Where closed days do not end at midnight, when they do."""
    local = step.ends_at.astimezone(ZoneInfo(reader.zone))
    return "" if local.time() == time(0) else f" until {reader.time(step.ends_at)}"


def _working_days(step: Step) -> str:
    if step.days <= 1:
        return f"working day {step.number:,}"
    joint = "and" if step.days == 2 else "to"
    return f"working days {step.number - step.days + 1:,} {joint} {step.number:,}"


def _say_closing(step: Step, reader: _Reader) -> str:
    counted = _how_counted(step, reader)
    day = f"{counted}, closing" if counted else f"{reader.day(step.on)} closes"
    clock = saying.say_clock(step.ends_at, zone=reader.zone)
    return f"{day} at {clock}{_other_hours(step, reader)}"


def _say_wall(step: Step, reader: _Reader) -> str:
    day = _how_counted(step, reader) or f"Set for {reader.day(step.on)}"
    joint = ", at" if step.number else " at"
    named = step.zone or reader.zone
    clock, zone = saying.say_clock(step.ends_at, zone=named), _in_zone(step, named, reader)
    return f"{day}{joint} {clock}, {zone}{_trouble_in_words(step)}"


def _how_counted(step: Step, reader: _Reader) -> str:
    """`Tue 26 May: working day 2`, `Three days later: Sun 24 May`; empty for a day named."""
    day = reader.day(step.on)
    if step.number:
        return f"{day}: {_working_days(step)}"
    later = saying.sentence_case(saying.say_count(step.days, "day"))
    return f"{later} later: {day}" if step.days else ""


def _in_zone(step: Step, named: str, reader: _Reader) -> str:
    """`London time`; the reader's own clock beside it where that shows something else."""
    place, there = saying.say_zone(named), ZoneInfo(named)
    local, own = (step.ends_at.astimezone(zone) for zone in (there, ZoneInfo(reader.zone)))
    if local.replace(tzinfo=None) == own.replace(tzinfo=None):
        return place
    shown = reader.clock(step.ends_at) if own.date() == local.date() else reader.time(step.ends_at)
    return f"{place} ({shown}, {saying.say_zone(reader.zone)})"


def _clocks_in_words(step: Step) -> str:
    if not step.clocks:
        return ""
    way = "forward" if step.clocks > _NOTHING else "back"
    return f" (the clocks go {way} {say_length(abs(step.clocks))})"


def _trouble_in_words(step: Step) -> str:
    match step.trouble:
        case "skipped":
            return " (the clocks skip the time named; this is the first after it)"
        case "twice":
            return " (the clocks show it twice; the first is meant)"
    return ""


def _other_hours(step: Step, reader: _Reader) -> str:
    if step.why is not Why.OTHER_HOURS:
        return ""
    return f" ({reader.names(step) or 'other hours than usual'})"


_SAYING: Final[Mapping[What, Callable[[Step, _Reader], str]]] = {
    What.STARTED: _say_started,
    What.ELAPSED: _say_elapsed,
    What.WORKED: _say_worked,
    What.SKIPPED: _say_skipped,
    What.COUNTED: _say_counted,
    What.CLOSING: _say_closing,
    What.WALL: _say_wall,
    What.WAITED: _say_waited,
}
