"""The grammar of deadlines: tokens into a meaning, if every one of them has its place.

    deadline = moment [(or | / | -) moment] | between moment and moment
    moment   = pieces of at most one day and one time of day, in any order, or a length

Where a choice or a range is named, its later end counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from commitments.reading.times import leads, merging, pieces
from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.meaning import Latest, Meaning, Moment, SameTime, Span
from commitments.reading.times.tokens import Mark

_TO: Final = ("to", "until", "till", "through", "thru", "and")
_OR: Final[Phrases[bool]] = Phrases(
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
    leads.pass_nothing(cursor)
    if not cursor.word("between", "from"):
        return None
    start = cursor.at
    begins = cursor.attempt(partial(_moment, is_range=True))
    if begins is None:
        return None
    if not (cursor.mark("-", "~") or cursor.word(*_TO)):
        return begins if _holds_range(cursor, start) else None
    ends = cursor.attempt(partial(_moment, is_range=True))
    if ends is None:
        return None
    if first is not None:
        begins, ends = _beside(first, begins), _beside(first, ends)
    return _range(begins, ends)


def _holds_range(cursor: Cursor, start: int) -> bool:
    """Whether both ends were read as one: between 24 and 48 hours, from 13 to 15 July."""
    between = cursor.tokens[start : cursor.at]
    return any(token.word in _TO or token.what == Mark("-") for token in between)


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
    mark = cursor.mark(",", "-", "/")
    word = cursor.word("and") or ("or" if cursor.said(_OR) else "")
    if not word and mark not in (",", "/"):
        return None
    second = cursor.attempt(partial(_moment, is_range=True))
    if second is None or not _may_join(first, second, by=word or mark, cursor=cursor):
        return None
    meanings = merging.inherited(first.meaning, second.meaning)
    return Phrase(Latest(*meanings), [*first.pieces, *second.pieces])


def _may_join(first: Phrase, second: Phrase, *, by: str, cursor: Cursor) -> bool:
    """Days may be joined by "and", and stand in a list that ends with a last one after "or"."""
    if by not in (",", "and"):
        return True
    are_days = all(isinstance(one.meaning, Moment) and one.meaning.day for one in (first, second))
    return are_days and (by == "and" or cursor.next_word in ("or", "and") or _is_comma(cursor))


def _is_comma(cursor: Cursor) -> bool:
    return cursor.peek() == Mark(",")


def _to(cursor: Cursor, *, first: Phrase) -> Phrase | None:
    if isinstance(first.meaning, Span) or not (cursor.mark("-", "~") or cursor.word(*_TO[:-1])):
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
        leads.pass_afterwards(cursor)
    if whole is None or (isinstance(whole.clock, SameTime) and whole.day is None):
        return None
    return Phrase(merging.meaning_of(whole), found)
