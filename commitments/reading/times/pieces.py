"""The pieces of a deadline, each with what may lead it.

    piece = [by | before | on | at | in | about ...] (day | period | time of day | length)

Words that change nothing (about, sometime, at the latest) may stand around any piece.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final, Literal, TypeAlias

from commitments.reading.times import clocks, days, lengths, merging, periods, zones
from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.meaning import (
    EARLY,
    After,
    At,
    Closing,
    Day,
    Elapsed,
    Exactly,
    InDays,
    TimeOfDay,
    Until,
    WorkingTime,
)
from commitments.reading.times.tokens import Clock, Instant, Number, Word

Lead: TypeAlias = Literal["by", "before", "on", "at", "in"]
_Rule: TypeAlias = Callable[[Cursor, frozenset[Lead]], merging.Piece | None]

_LEADS: Final[Phrases[Lead]] = Phrases(
    {
        "by|until|till|til|untill": "by",
        "[by] no|not later than|then": "by",
        "on or before|by": "by",
        "at the latest by|on": "by",
        "before|b4": "before",
        "prior to": "before",
        "ahead of": "before",
        "on": "on",
        "at|@": "at",
        "in|within|inside|w/in": "in",
        "during": "in",
        "inside of": "in",
        "over|through|throughout the": "in",
    }
)
_NOTHING: Final = Phrases(
    {
        "about|around|approximately|approx|roughly|circa|nearly": "",
        "up to": "",
        "upto": "",
        "less|fewer than": "",
        "no|not more than": "",
        "at most": "",
        "under|maximum|max": "",
        "[a] maximum of": "",
        "sometime|anytime": "",
        "some|any time": "",
        "at some point|stage": "",
        "take|takes|taking|allow|allows": "",
        "please allow": "",
        "it|that|this will|may|can take": "",
        "maybe|perhaps|possibly|probably|ideally|hopefully": "",
        "either|just|only|exactly|precisely|even": "",
        "as late as": "",
        "at the latest": "",
        "latest": "",
        "asap": "",
        "as soon|quickly|fast as possible": "",
        "as soon|quickly|fast as i|we|you|they can": "",
    }
)
_NEXT: Final = Phrases({"[the] next|coming|following|upcoming": True})
# After "within": an hour from now, but what is left of the day.
_THIS_ONE: Final = Phrases(
    {
        "the hour": merging.Piece("length", alone=Elapsed(timedelta(hours=1))),
        "the [same] day": merging.Piece("day", day=InDays(0), clock=Closing()),
    }
)
_AFTERWARDS: Final = Phrases(
    {
        "at the [very] latest": True,
        "latest|max|maximum|tops|sharp|prompt|sometime|anytime|absolute": True,
        "some|any time": True,
        "at most": True,
        "at some point|stage": True,
        "on the dot": True,
        "or so|less|sooner|earlier|before|thereabouts": True,
        "if not sooner|before|earlier": True,
        "or thereabouts": True,
    }
)


def piece(cursor: Cursor, *, after: merging.Whole | None, is_range: bool) -> merging.Piece | None:
    if after is not None:
        cursor.mark(",")
    leads = _leads(cursor)
    start = cursor.at
    found = cursor.attempt(_begins_range) if is_range else None
    if found is None:
        found = cursor.first_of(
            partial(_on_its_own, leads=leads),
            partial(_beside, leads=leads, after=after),
            partial(_bare, leads=leads, after=after, is_range=is_range),
        )
    if found is None:
        return None
    return replace(found, before="before" in leads and found.before, span=(start, cursor.at))


def _on_its_own(cursor: Cursor, *, leads: frozenset[Lead]) -> merging.Piece | None:
    """A piece that needs no other beside it, if it may follow what leads it."""
    start = cursor.at
    for rule, allowed in _RULES:
        found = rule(cursor, leads) if leads <= allowed else None
        if found is not None:
            return found
        cursor.at = start
    return None


def _leads(cursor: Cursor) -> frozenset[Lead]:
    """What stands before a piece: by, on, before ..., each at most once."""
    found: set[Lead] = set()
    while True:
        before = cursor.at
        if _said_nothing(cursor):
            continue
        lead = "in" if cursor.mark("+") else cursor.said(_LEADS)
        if lead is None or lead in found:
            cursor.at = before
            return frozenset(found)
        found.add(lead)


def pass_afterwards(cursor: Cursor) -> None:
    """Pass what may follow a piece and changes nothing: at the latest, or so."""
    while cursor.attempt(_afterwards) or _said_nothing(cursor):
        pass


def _afterwards(cursor: Cursor) -> bool | None:
    cursor.mark(",")
    return cursor.said(_AFTERWARDS)


def _said_nothing(cursor: Cursor) -> bool:
    is_passed = cursor.said(_NOTHING) is not None
    if is_passed:
        cursor.mark(",")
    return is_passed


def _instant(cursor: Cursor, _: frozenset[Lead]) -> merging.Piece | None:
    what = cursor.peek()
    cursor.at += 1
    return merging.Piece("time", alone=Exactly(what.at)) if isinstance(what, Instant) else None


def _part(cursor: Cursor, leads: frozenset[Lead]) -> merging.Piece | None:
    found = cursor.said(clocks.PARTS)
    if found is None:
        return None
    day, part = found
    if "before" in leads and isinstance(part, Until):
        part = clocks.BEFORE.get(part, part)
    return merging.Piece("time", day=day, clock=part)


def _clock(cursor: Cursor, _: frozenset[Lead]) -> merging.Piece | None:
    found = cursor.attempt(clocks.clock)
    if found is None or lengths.unit_follows(cursor):
        return None
    return merging.Piece("time", clock=found)


def _lasting(cursor: Cursor, leads: frozenset[Lead]) -> merging.Piece | None:
    this_one = cursor.said(_THIS_ONE) if leads == {"in"} else None
    if this_one is not None:
        return this_one
    has_next = cursor.said(_NEXT)
    if leads - {"in"} and not has_next:
        return None
    found = cursor.attempt(lengths.lasting)
    if found is None and has_next and "in" in leads:
        found = cursor.attempt(lengths.one)
    if found is None:
        return None
    if isinstance(found, Elapsed | WorkingTime):
        return merging.Piece("length", alone=found)
    return _counted_days(found, cursor) if isinstance(found, Day) else None


def _counted_days(found: Day, cursor: Cursor) -> merging.Piece:
    """So many days, counted from today or from another day that is named."""
    base = cursor.attempt(partial(_counted_from, is_week=_is_weeks(found)))
    return merging.Piece("day", day=After(found, base) if base else found)


def _is_weeks(found: Day) -> bool:
    return isinstance(found, InDays) and found.days % 7 == 0


def _counted_from(cursor: Cursor, *, is_week: bool) -> Day | None:
    """From Friday, after tomorrow; where weeks are counted also on Friday, or today alone."""
    if not cursor.word("from", "after") and not (is_week and (cursor.word("on") or True)):
        return None
    cursor.word("this")
    return cursor.attempt(_named_day)


def _nearby(cursor: Cursor) -> Day | None:
    return cursor.said(days.NEARBY)


_DAYS: Final[tuple[Callable[[Cursor], Day | None], ...]] = (
    _nearby,
    periods.week_of,
    periods.nth_of_month,
    days.several_weekdays,
    days.weekday,
    days.date_of_year,
    days.day_of_month,
)


def _named_day(cursor: Cursor) -> Day | None:
    return cursor.first_of(*_DAYS)


def _day(cursor: Cursor, _: frozenset[Lead]) -> merging.Piece | None:
    found = cursor.attempt(_named_day)
    return merging.Piece("day", day=found, before=True) if found else None


def _edged_day(cursor: Cursor, _: frozenset[Lead]) -> merging.Piece | None:
    """Early tomorrow, the end of Friday."""
    edge = cursor.said(periods.EDGES)
    clock = _EDGE_OF_DAY.get(edge or "")
    cursor.word("on")
    found = cursor.attempt(_named_day) if clock else None
    return merging.Piece("day", day=found, clock=clock) if found else None


def _period(cursor: Cursor, leads: frozenset[Lead]) -> merging.Piece | None:
    found = periods.period(cursor, is_in="in" in leads, is_before="before" in leads)
    return merging.Piece("day", day=found) if found else None


def _beside(
    cursor: Cursor, *, leads: frozenset[Lead], after: merging.Whole | None
) -> merging.Piece | None:
    """What means something only after a day or a time: tomorrow am, 3pm ET."""
    if after is None:
        return None
    if isinstance(after.clock, At) and not leads:
        zone = cursor.attempt(zones.zone)
        if zone is not None:
            return merging.Piece("zone", zone=zone)
    part = cursor.said(clocks.BESIDE_A_DAY) if after.day is not None else None
    return merging.Piece("time", clock=part) if part else None


def _bare(
    cursor: Cursor, *, leads: frozenset[Lead], after: merging.Whole | None, is_range: bool
) -> merging.Piece | None:
    """At 5; 9 tomorrow morning; 3-4pm: a number that the words around it make an hour."""
    before_it = cursor.tokens[cursor.at - 1].what if cursor.at else None
    is_led = leads and leads <= {"by", "before", "at"}
    found = cursor.attempt(clocks.bare_hour)
    if found is None or lengths.unit_follows(cursor):
        return None
    is_about = before_it in (Word("around"), Word("about"))
    is_in_part = after is not None and isinstance(after.clock, Until)
    is_meant = is_led or is_range or is_about or is_in_part
    if is_meant or _makes_it_an_hour(cursor, has_day=after is not None and after.day is not None):
        return merging.Piece("time", clock=found)
    return None


def _begins_range(cursor: Cursor) -> merging.Piece | None:
    """10 in 10 to 12, which alone is ten minutes to twelve."""
    found = cursor.attempt(clocks.bare_hour)
    ahead = Cursor(cursor.tokens, cursor.at)
    is_range = bool(ahead.mark("-") or ahead.word("to", "and"))
    is_hours = is_range and isinstance(ahead.peek(), Number | Clock)
    ahead.at += 1
    if found is None or not is_hours or lengths.unit_follows(ahead):
        return None
    return merging.Piece("time", clock=found)


def _makes_it_an_hour(cursor: Cursor, *, has_day: bool) -> bool:
    """Whether it is about such an hour, or a part of a day or the end of a range follows."""
    if cursor.tokens[cursor.at - 1].what == Word("ish"):
        return True
    ahead = Cursor(cursor.tokens, cursor.at)
    other_end = Clock | Number if has_day else Clock
    if (ahead.mark("-", "/") or ahead.word("to", "or")) and isinstance(ahead.peek(), other_end):
        return True
    ahead.at = cursor.at
    ahead.attempt(_named_day)
    part = ahead.said(clocks.PARTS)
    return part is not None and isinstance(part[1], Until)


_EDGE_OF_DAY: Final[dict[str, TimeOfDay]] = {"early": EARLY, "late": Closing()}
_ANY: Final[frozenset[Lead]] = frozenset({"by", "before", "on", "at", "in"})
_RULES: Final[tuple[tuple[_Rule, frozenset[Lead]], ...]] = (
    (_instant, _ANY),
    (_part, frozenset({"by", "before", "at", "in"})),
    (_clock, frozenset({"by", "before", "at"})),
    (_lasting, _ANY),
    (_day, frozenset({"by", "before", "on"})),
    (_period, _ANY),
    (_edged_day, _ANY),
)

# What can begin a phrase, the words of which every phrase without figures holds at least one, and
# all the words that phrases are made of.
FIRST_WORDS: Final = (
    _LEADS.first_words
    | _NOTHING.first_words
    | _NEXT.first_words
    | clocks.FIRST_WORDS
    | days.FIRST_WORDS
    | periods.FIRST_WORDS
    | lengths.FIRST_WORDS
)
STRONG: Final = (clocks.FIRST_WORDS | days.FIRST_WORDS | periods.FIRST_WORDS | lengths.UNITS) - {
    "a",
    "around",
    "at",
    "by",
    "in",
    "that",
    "the",
    "this",
}
WORDS: Final = (
    _LEADS.words
    | _NOTHING.words
    | _NEXT.words
    | _THIS_ONE.words
    | clocks.WORDS
    | days.WORDS
    | periods.WORDS
    | lengths.WORDS
)
