"""A due time as a form understood it, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from commitments.errors import CommitmentError
from commitments.models import Team
from commitments.reading import deadlines
from commitments.rules import due_time, saying
from commitments.rules.business_time import Hours
from commitments.rules.steps import Step

from . import why

_HOW = "Try 4pm, tomorrow 10am, fri, 26 may 11am, in 2 hours or within 3 business days."
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Another time, to be taken with a button: `said` on it, `words` beside it.

    `key` is the button's value: the time, and the words that it would stand for.
    """

    at: datetime
    said: str
    key: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due time as understood. `said` are the words it was read from; `note` warns, or is empty.

    `zone` is the reader's, `team_zone` the one in which the words were read. `next_open` is offered
    where the time lies outside the team's hours, `others` where some people would mean another.
    """

    at: datetime
    said: str
    zone: str
    team_zone: str
    note: str = ""
    next_open: Offer | None = None
    others: tuple[Offer, ...] = ()
    steps: tuple[Step, ...] = ()
    begins_at: datetime | None = None  # of the window that ends at `at`
    parts: tuple[deadlines.Part, ...] = ()  # which words said what

    @property
    def window(self) -> str:
        """Follows the time where it is the end of a window."""
        if self.begins_at is None:
            return ""
        return f", not before {saying.say_clock(self.begins_at, zone=self.zone)}"

    @property
    def suffix(self) -> str:
        """Follows every time where reader and team look at different clocks."""
        return _suffix(self.zone, self.team_zone)

    @property
    def key(self) -> str:
        """What a choice of this very time sends back."""
        return self.at.isoformat()

    @property
    def zones_explained(self) -> str:
        """How the words were read, where that needs saying."""
        if not self.suffix:
            return ""
        theirs, yours = saying.say_zone(self.team_zone), saying.say_zone(self.zone)
        return f"Words are read in the team's zone, {theirs}, and shown in yours, {yours}."

    def offering(self, at: datetime, *, now: datetime, words: str = "") -> Offer:
        """Another time for the same words."""
        said = saying.say_time(at, zone=self.zone, now=now) + self.suffix
        return Offer(at=at, said=said, key=f"{at.isoformat()}|{self.said}", words=words)


def read_due(
    text: str, *, read_at: datetime, now: datetime, zone: str, hours: Hours, closes: time | None
) -> Due:
    """The due time in some words, or a CommitmentError that says what to do about it.

    The words are read in the team's zone; the answer is said in `zone`, the reader's.
    """
    there = hours.zone
    reading = deadlines.read(text, now=read_at, zone=there, hours=hours, closes=closes)
    aside = f" That is in {saying.say_zone(there)}." if _suffix(zone, there) else ""
    if reading is None:
        passed = deadlines.why_not(text, now=read_at, zone=there, hours=hours, closes=closes)
        unread = f"We could not read “{text[:60]}” as a time. {_HOW}"
        raise CommitmentError(f"{passed}{aside}" if passed else unread, field="when")
    remarks = [f"{remark.rstrip('.')}." for remark in (reading.note, reading.adjusted) if remark]
    due = as_due(
        reading.at,
        said=text,
        now=now,
        zone=zone,
        hours=hours,
        note=f"{' '.join(remarks)}{aside}" if remarks else "",
        names_a_day={part.what for part in reading.parts} == {"day"},
    )
    others = tuple(
        due.offering(other.at, words=other.words, now=now)
        for other in reading.alternatives
        if other.at > now
    )
    return replace(
        due,
        others=others,
        steps=reading.steps,
        begins_at=reading.begins_at,
        parts=reading.parts,
    )


def as_due(
    at: datetime,
    *,
    said: str,
    now: datetime,
    zone: str,
    hours: Hours,
    note: str = "",
    names_a_day: bool = False,
    steps: Sequence[Step] = (),
) -> Due:
    """A due time with what is to be said about it in `zone`; refused where it has passed.

    `names_a_day` where a day was said and no time, so that a closed one is named by its date.
    """
    if at <= now:
        raise CommitmentError(due_time.passed(at, zone=zone, now=now), field="when")
    due = Due(at=at, said=said, zone=zone, team_zone=hours.zone, note=note, steps=tuple(steps))
    # A deadline at closing time is inside the hours, though the closing instant itself is closed.
    if hours.is_open(at) or hours.is_open(at - _MOMENT):
        return due
    offer = due.offering(hours.next_open(at), now=now)
    outside = _outside(due, hours=hours, names_a_day=names_a_day, now=now)
    closed = f"{outside} is outside your team's hours. {offer.said} is the next open time."
    return replace(due, note=f"{note} {closed}".strip(), next_open=offer)


def why_lines(due: Due, *, team: Team, now: datetime) -> list[str]:
    """The steps that lead to it, in words, on the team's clocks."""
    holidays = why.holidays_of(team.calendar)
    return why.lines_of(due.steps, zone=due.team_zone, now=now, holidays=holidays)


def _outside(due: Due, *, hours: Hours, names_a_day: bool, now: datetime) -> str:
    """`7:10 pm today`, `Sat 23 May` where the whole day was meant, `Fri 22 May, 8:00 pm`."""
    local, zone = due.at.astimezone(ZoneInfo(due.zone)), due.zone
    if local.date() == now.astimezone(ZoneInfo(zone)).date():
        return f"{saying.say_clock(due.at, zone=zone)} today{due.suffix}"
    if names_a_day and not due.suffix and hours.closing_on(local.date()) is None:
        return saying.say_day(due.at, zone=zone, now=now)
    return saying.say_time(due.at, zone=zone, now=now) + due.suffix


def _suffix(zone: str, team_zone: str) -> str:
    return f" ({saying.say_zone(zone)})" if zone != team_zone else ""
