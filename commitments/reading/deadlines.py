"""When something is due, from the words in which it was promised: an instant, or nothing.

What is not understood to the last word is not read at all: a guess would be kept as a promise. The
words are taken apart into tokens, the tokens read by a small grammar into a meaning, and the
meaning placed on the calendar. What people mean by such words is not always the same; these are
the conventions:

- The answer is the last moment at which the promise is still kept, and never in the past.
- Minutes and hours are elapsed time. Days, weeks and months are dates, which end when the day
  closes. Working days begin to count on the next one; working hours run only while it is open.
- A weekday is the next such day after today; "next Friday" is that of the week that begins next
  Monday. A week ends on Friday. A month or year ends with its last day.
- Morning ends at noon, afternoon at 17:00, evening at 21:00, night and midnight at 23:59; lunchtime
  is 13:00; what is promised first thing is due at 10:00.
- A clock time alone is its next occurrence. "Before Friday" ends with Thursday.
- Of two times, or a range, the later counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from commitments.reading import placing
from commitments.reading.times import grammar, vagueness
from commitments.reading.times.cursor import Cursor
from commitments.reading.times.merging import Slot
from commitments.reading.times.tokens import Token, tokens_of
from commitments.rules import due_time, steps
from commitments.rules.business_time import Hours

_LONGEST: Final = 200
_AROUND: Final = " \t\r\n.!"


@dataclass(frozen=True)
class Part:
    """Which words said what: the day, the time of day, the length or the zone."""

    what: Slot
    words: str


@dataclass(frozen=True)
class Alternative:
    """What other people mean by the same words: `at` in UTC, and a sentence to offer it with."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Reading:
    """What a phrase means: `at` in UTC, and the phrase as `said`.

    `adjusted` is a sentence where the clocks skip that time or show it twice, `note` one where the
    time named has passed today and its next occurrence is meant; both are "" otherwise. `steps`
    lead from now to `at`. `begins_at` is when a window that ends then begins: between 2 and 4pm.
    """

    at: datetime
    said: str
    adjusted: str = ""
    note: str = ""
    parts: tuple[Part, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    steps: steps.Chain = ()
    begins_at: datetime | None = None


def read(
    text: str, *, now: datetime, zone: str, hours: Hours, closes: time | None = None
) -> Reading | None:
    """The deadline that a phrase names, seen from `now` in `zone`; None if it names none.

    `closes` is the time of day for a day without one; where it is None, the day ends when `hours`
    close, or at 17:00 on a day without hours. Raises UnknownZone; whatever is said raises nothing.
    """
    place = placing.Place(now=now, zone=zone, hours=hours, closes=closes)
    phrase, tokens = _phrase_in(text)
    placed = placing.placed(phrase.meaning, place) if phrase else None
    if phrase is None or placed is None or placed.at <= now:
        return None
    return Reading(
        placed.at,
        " ".join(text.split()),
        placed.adjusted,
        placing.rolled_on(phrase.meaning, place),
        tuple(_part(piece.slot, piece.span, text, tokens) for piece in phrase.pieces),
        tuple(
            Alternative(at, words)
            for at, words in placing.alternatives(phrase.meaning, placed.at, place)
        ),
        placing.steps_to(placed, place),
        placing.beginning(phrase.meaning, placed.at, place),
    )


def why_not(
    text: str, *, now: datetime, zone: str, hours: Hours, closes: time | None = None
) -> str:
    """A sentence for a phrase that was understood and names no time ahead; else "".

    The time has passed, or there is no such day: Monday, 26 May where that is a Tuesday.
    """
    place = placing.Place(now=now, zone=zone, hours=hours, closes=closes)
    phrase, _ = _phrase_in(text)
    placed = placing.placed(phrase.meaning, place) if phrase else None
    if phrase is not None and placed is None:
        return placing.no_such_day(phrase.meaning, place)
    if placed is None or placed.at > now:
        return ""
    return due_time.passed(placed.at, zone=zone, now=now)


def is_vague(text: str) -> bool:
    """Whether the words name a when without a time: soon, as soon as possible, once it arrives.

    "Sometime tomorrow" and "asap, Friday at the latest" name one.
    """
    if len(text) > _LONGEST or _phrase_in(text)[0] is not None:
        return False
    return vagueness.is_vague(tokens_of(text))


def _phrase_in(text: str) -> tuple[grammar.Phrase | None, tuple[Token, ...]]:
    if len(text) > _LONGEST:
        return None, ()
    tokens = tokens_of(text.strip(_AROUND))
    if not tokens or vagueness.is_nothing_else(tokens):
        return None, ()
    return grammar.whole_phrase(Cursor(tokens)), tokens


def _part(what: Slot, span: tuple[int, int], text: str, tokens: tuple[Token, ...]) -> Part:
    first, last = tokens[span[0]], tokens[span[1] - 1]
    words = text.strip(_AROUND)[first.start : last.end]
    return Part(what, " ".join(words.split()))
