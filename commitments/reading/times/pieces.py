"""The pieces of a deadline, each with what may lead it.

    piece = [by | before | on | at | in | about ...] (day | period | time of day | length)

Words that change nothing (about, sometime, at the latest) may stand around any piece.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from typing import Final, TypeAlias

from commitments.reading.times import clocks, days, lengths, merging, periods, zones
from commitments.reading.times import leads as leading
from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.leads import Lead
from commitments.reading.times.meaning import (
    MORNING,
    After,
    At,
    Closing,
    Day,
    Elapsed,
    Exactly,
    InDays,
    TimeOfDay,
    Until,
    Weekday,
    WorkingTime,
)
from commitments.reading.times.tokens import Clock, Instant, Mark, Number, What, Word

_Rule: TypeAlias = Callable[[Cursor, frozenset[Lead]], merging.Piece | None]

_NEXT: Final = Phrases({"[the] next|coming|following|upcoming": True})
# After "within": an hour from now, but what is left of the day.
_THIS_ONE: Final = Phrases(
    {
        "the hour": merging.Piece("length", alone=Elapsed(timedelta(hours=1))),
        "the [same] day": merging.Piece("day", day=InDays(0), clock=Closing()),
    }
)


def piece(cursor: Cursor, *, after: merging.Whole | None, is_range: bool) -> merging.Piece | None:
    is_aside = after is not None and cursor.mark(",", "(") == "("
    leads = leading.taken(cursor)
    start = cursor.at
    found = cursor.attempt(_begins_range) if is_range else None
    if found is None:
        found = cursor.first_of(
            partial(_on_its_own, leads=leads),
            partial(_beside, leads=leads, after=after),
            partial(_bare, leads=leads, after=after, is_range=is_range),
        )
    span = (start, cursor.at)
    if found is None or (is_aside and not cursor.mark(")")):
        return None
    is_late = found.before and "before" in leads
    return replace(found, before=is_late, span=span, is_led=bool(leads - {"on"}))


def _on_its_own(cursor: Cursor, *, leads: frozenset[Lead]) -> merging.Piece | None:
    """A piece that needs no other beside it, if it may follow what leads it."""
    start = cursor.at
    for rule, allowed in _RULES:
        found = rule(cursor, leads) if leads <= allowed else None
        if found is not None:
            return found
        cursor.at = start
    return None


def _instant(cursor: Cursor, _: frozenset[Lead]) -> merging.Piece | None:
    what = cursor.peek()
    cursor.at += 1
    return merging.Piece("time", alone=Exactly(what.at)) if isinstance(what, Instant) else None


def _part(cursor: Cursor, leads: frozenset[Lead]) -> merging.Piece | None:
    found = cursor.said(clocks.PARTS)
    if found is None:
        return merging.Piece("time", clock=Closing()) if leads and cursor.word("close") else None
    day, part = found
    if "before" in leads and part == MORNING and day is None:
        return None  # before it begins, or before it is over?
    if "before" in leads:
        part = clocks.BEFORE.get(part, part)
    return merging.Piece("time", day=day, clock=part)


def _clock(cursor: Cursor, _: frozenset[Lead]) -> merging.Piece | None:
    found = cursor.attempt(clocks.clock)
    if found is None or lengths.unit_follows(cursor):
        return None
    return merging.Piece("time", clock=found)


def _lasting(cursor: Cursor, leads: frozenset[Lead]) -> merging.Piece | None:
    is_within = cursor.at > 0 and cursor.tokens[cursor.at - 1].word in ("within", "in")
    this_one = cursor.said(_THIS_ONE) if is_within else None
    if this_one is not None:
        return this_one
    has_next = cursor.said(_NEXT)
    if leads - {"in"} and not has_next:
        return None
    found = cursor.attempt(lengths.lasting)
    if found is None and has_next and ("in" in leads or cursor.next_word in ("hour", "minute")):
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
    if isinstance(after.clock, At | Closing | Until) and not leads:
        zone = cursor.attempt(zones.zone)
        if zone is not None:
            return merging.Piece("zone", zone=zone)
    is_beside = after.day is not None or isinstance(after.clock, At)
    part = cursor.said(clocks.BESIDE_A_DAY) if is_beside else None
    return merging.Piece("time", clock=part) if part else None


def _bare(
    cursor: Cursor, *, leads: frozenset[Lead], after: merging.Whole | None, is_range: bool
) -> merging.Piece | None:
    """At 5; 9 tomorrow morning; 3-4pm: a number that the words around it make an hour."""
    before_it = cursor.tokens[cursor.at - 1].what if cursor.at else None
    is_led = leads and leads <= {"by", "before", "at"}
    written = cursor.peek()
    found = cursor.attempt(clocks.bare_hour)
    if found is None or lengths.unit_follows(cursor):
        return None
    is_about = before_it in (Word("around"), Word("about"))
    is_in_part = after is not None and isinstance(after.clock, Until)
    is_meant = is_led or is_range or is_about or is_in_part
    is_beside = _follows_its_day(cursor, found, after) or _precedes_its_day(cursor, written)
    has_day = after is not None and after.day is not None
    if is_meant or is_beside or _makes_it_an_hour(cursor, has_day=has_day):
        return merging.Piece("time", clock=found)
    return None


def _follows_its_day(cursor: Cursor, hour: At, after: merging.Whole | None) -> bool:
    """The 9 in mon 9, where no other word comes that it could count; friday 13 is a date."""
    is_day = after is not None and isinstance(after.day, Weekday | InDays) and not after.clock
    is_hour = hour.is_either or hour.clock == time(12)
    is_last = not isinstance(cursor.peek(), Mark) and cursor.next_word in _NO_COUNT
    return is_day and is_hour and is_last


_NO_COUNT: Final = ("", "and", "but", "for", "or", "then", "to", "with")


def _precedes_its_day(cursor: Cursor, written: What | None) -> bool:
    """The 10.30 in 10.30 mon, the 1030 in 1030 tomorrow."""
    is_clock = isinstance(written, Number) and len(written.written) > 3
    return is_clock and Cursor(cursor.tokens, cursor.at).attempt(_named_day) is not None


def _is_an_hour(cursor: Cursor, *, has_day: bool) -> bool:
    """The other end of a range: 4pm, or a number where a day stands on either side."""
    what = cursor.peek()
    cursor.at += 1
    if isinstance(what, Clock) or not isinstance(what, Number):
        return isinstance(what, Clock)
    return has_day or (not lengths.unit_follows(cursor) and cursor.attempt(_named_day) is not None)


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
    if (ahead.mark("-", "/") or ahead.word("to", "or")) and _is_an_hour(ahead, has_day=has_day):
        return True
    ahead.at = cursor.at
    ahead.attempt(_named_day)
    part = ahead.said(clocks.PARTS)
    return part is not None and isinstance(part[1], Until)


_EDGE_OF_DAY: Final[dict[str, TimeOfDay]] = {"early": MORNING, "late": Closing()}
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

# What can begin a phrase, all the words that phrases are made of, and those of which every phrase
# without figures holds at least one.
FIRST_WORDS: Final = (
    leading.FIRST_WORDS
    | _NEXT.first_words
    | clocks.FIRST_WORDS
    | days.FIRST_WORDS
    | periods.FIRST_WORDS
    | lengths.FIRST_WORDS
)
WORDS: Final = (
    leading.WORDS
    | _NEXT.words
    | _THIS_ONE.words
    | clocks.WORDS
    | days.WORDS
    | periods.WORDS
    | lengths.WORDS
)
# Words that hold phrases together, and mean no time alone.
_GLUE: Final = (
    leading.WORDS
    | _NEXT.words
    | periods.EDGES.words
    | lengths.FIRST_WORDS
    | frozenset(days.ORDINALS)
    | frozenset(
        (
            *(
                "additional",
                "after",
                "am",
                "and",
                "current",
                "extra",
                "from",
                "full",
                "last",
                "new",
            ),
            *(
                "of",
                "or",
                "other",
                "our",
                "past",
                "right",
                "same",
                "sometime",
                "starting",
                "straight",
            ),
            *("that", "this", "to", "upcoming", "whole", "d", "h", "m", "w", "y"),
        )
    )
)
STRONG: Final = WORDS - _GLUE
