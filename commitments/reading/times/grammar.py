"""The grammar of deadlines: tokens into a meaning, if every one of them has its place.

    deadline = moment [(or | / | -) moment] | between moment and moment
    moment   = pieces of at most one day and one time of day, in any order, or a length

Where a choice or a range is named, its later end counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from commitments.reading.times import merging, pieces
from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.meaning import Latest, Meaning, Moment, SameTime, Span

_TO: Final = ("to", "until", "till", "through", "thru", "and")
_OR: Final = Phrases(
    {
        "or [else] [maybe|possibly|perhaps|probably|by|at]": True,
        "if not": True,
        "if not then": True,
        "but no|not later than": True,
    }
)


@dataclass
class Phrase:
    """A meaning, and the pieces that it was put together from."""

    meaning: Meaning
    pieces: list[merging.Piece] = field(default_factory=list)


def phrase_at(cursor: Cursor) -> Phrase | None:
    """The longest deadline that begins here, taken; None where there is none."""
    first = cursor.attempt(partial(_moment, is_range=False))
    between = cursor.attempt(partial(_between, first=first))
    return between or _alternatives(cursor, first)


def whole_phrase(cursor: Cursor) -> Phrase | None:
    """The deadline that all tokens make together; None where any of them is left over."""
    found = phrase_at(cursor)
    return found if found is not None and cursor.is_over() else None


def _between(cursor: Cursor, *, first: Phrase | None) -> Phrase | None:
    """Between 3 and 5pm tomorrow, from Monday to Wednesday; tomorrow between 3 and 5."""
    if not cursor.word("between", "from"):
        return None
    begins = cursor.attempt(partial(_moment, is_range=True))
    if begins is None or not (cursor.mark("-") or cursor.word(*_TO)):
        return None
    ends = cursor.attempt(partial(_moment, is_range=True))
    if ends is None:
        return None
    if first is not None:
        begins, ends = _beside(first, begins), _beside(first, ends)
    return _range(begins, ends)


def _beside(first: Phrase, other: Phrase) -> Phrase:
    """The other with what only the first says: tomorrow, between 3 and 5."""
    _, meaning = merging.inherited(first.meaning, other.meaning)
    return Phrase(meaning, [*first.pieces, *other.pieces])


def _alternatives(cursor: Cursor, first: Phrase | None) -> Phrase | None:
    """A choice or a range, as far as it goes on: Monday, Tuesday or Friday."""
    while first is not None:
        other = cursor.first_of(partial(_or, first=first), partial(_to, first=first))
        if other is None:
            break
        first = other
    return first


def _or(cursor: Cursor, *, first: Phrase) -> Phrase | None:
    cursor.mark(",", "-")
    if not cursor.said(_OR) and not cursor.mark("/"):
        return None
    second = cursor.attempt(partial(_moment, is_range=True))
    if second is None:
        return None
    meanings = merging.inherited(first.meaning, second.meaning)
    return Phrase(Latest(*meanings), [*first.pieces, *second.pieces])


def _to(cursor: Cursor, *, first: Phrase) -> Phrase | None:
    if not (cursor.mark("-") or cursor.word(*_TO[:-1])):
        return None
    second = cursor.attempt(partial(_moment, is_range=True))
    return None if second is None else _range(first, second)


def _range(begins: Phrase, ends: Phrase) -> Phrase | None:
    first, second = merging.inherited(begins.meaning, ends.meaning)
    both = list(dict.fromkeys([*begins.pieces, *ends.pieces]))
    if isinstance(first, Moment) and isinstance(second, Moment):
        return Phrase(Span(first, second), both)
    return None if isinstance(first, Moment) else Phrase(Latest(first, second), both)


def _moment(cursor: Cursor, *, is_range: bool) -> Phrase | None:
    """Pieces that go together; in a range, an hour may stand alone."""
    found: list[merging.Piece] = []
    whole: merging.Whole | None = None
    while True:
        before = cursor.at
        piece = cursor.attempt(partial(pieces.piece, after=whole, is_range=is_range))
        joined = merging.joined(whole, piece) if piece else None
        if piece is None or joined is None:
            cursor.at = before
            break
        found, whole = [*found, piece], joined
        pieces.pass_afterwards(cursor)
    if whole is None or (isinstance(whole.clock, SameTime) and whole.day is None):
        return None
    return Phrase(merging.meaning_of(whole), found)
