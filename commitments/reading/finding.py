"""The phrases about time in a running text, each as long as it can be.

What a phrase is, the grammar of deadlines says; what it is not, its neighbours do: "2 days ago",
"every Friday" and "the 2nd attempt" name no deadline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from commitments.reading.times import days, grammar, lengths, pieces, vagueness
from commitments.reading.times.cursor import Cursor
from commitments.reading.times.tokens import (
    Clock,
    Instant,
    Mark,
    Number,
    OnDate,
    Ordinal,
    Other,
    Slashed,
    Token,
    tokens_of,
)

_BEFORE_AN_HOUR: Final = frozenset(("at", "before", "by", "until"))
# Words before or after a phrase that make it something else than a deadline.
_NOT_AFTER: Final = frozenset(
    (
        *("last", "past", "previous", "every", "each", "after", "since", "from", "per", "least"),
        *("than", "over", "not", "without", "yesterday", "earlier", "recent", "good", "happy"),
        *("black", "cyber", "super", "delayed", "waited", "waiting", "been", "took"),
    )
)
_NOT_BEFORE: Final = frozenset(
    (
        *("ago", "old", "earlier", "late", "delay", "delayed", "warranty", "overdue", "each"),
        *("every", "per", "straight", "running"),
    )
)
# After a lone number or ordinal, any other word is what it counts: at 5 places, the 2nd attempt.
_MAY_FOLLOW: Final = frozenset(
    (
        *("and", "or", "but", "at", "on", "in", "by", "so", "to", "for", "with", "if", "when"),
        *("because", "as", "then", "once", "unless", "is", "was", "will", "please", "thanks"),
        *("thank", "i", "we", "you", "he", "she", "they", "it", "that", "this", "from", "latest"),
    )
)
_NO_DEADLINE_ALONE: Final = frozenset(
    (
        *(
            "morning",
            "afternoon",
            "arvo",
            "evening",
            "night",
            "lunch",
            "lunchtime",
            "early",
            "late",
        ),
        *("mid", "the", "same", "opening", "closing", "last"),
    )
)
_ALSO_A_WORD: Final = frozenset(("sat", "sun", "mon", "wed", "the"))
_VALUES: Final = (Number, Ordinal, Clock, Slashed, OnDate, Instant)
_MONEY: Final = frozenset("$\u00a3\u20ac#%\u00b0")
_REACH: Final = 9
_WORDS: Final = pieces.WORDS | {"between", "from", "and", "or"}
_FIRST_WORDS: Final = pieces.FIRST_WORDS | {"between", "from"}
# Without a figure or any of these words there is nothing to find, and most sentences have none.
_TELLING: Final = sorted(word for word in pieces.STRONG | vagueness.HINTS if len(word) > 1)
_HINT: Final = re.compile(rf"[0-9\uff10-\uff5a]|\b(?:{'|'.join(_TELLING)})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """`words` stand at text[start:end], with what leads them. Vague ones name no time."""

    start: int
    end: int
    words: str
    is_vague: bool


def phrases(text: str) -> tuple[Found, ...]:
    """All phrases about time, from left to right; none overlaps another."""
    if not _HINT.search(text):
        return ()
    tokens = tokens_of(text)
    found: list[Found] = []
    at = 0
    while at < len(tokens):
        end, what = _phrase_from(tokens, at)
        if what in ("deadline", "vague"):
            start, stop = tokens[at].start, _end_of(text, tokens[end - 1])
            found.append(Found(start, stop, text[start:stop], is_vague=what == "vague"))
        at = end
    return tuple(found)


def _end_of(text: str, last: Token) -> int:
    """Where a phrase ends; the full stop after it is that of the sentence, but not in p.m."""
    is_stop = text[last.end - 1] == "." and text[last.end - 3 : last.end - 2] != "."
    return last.end - is_stop


def _phrase_from(
    tokens: tuple[Token, ...], at: int
) -> tuple[int, Literal["deadline", "vague", "something else", "nothing"]]:
    """Where what begins here ends, and what it is; what is something else holds no deadline."""
    vague, cursor = Cursor(tokens, at), Cursor(tokens, at)
    is_vague = vagueness.vague_at(vague)
    phrase = grammar.phrase_at(cursor) if _may_begin(tokens, at) else None
    if is_vague and (phrase is None or vague.at >= cursor.at):
        return vague.at, "vague"
    if phrase is None:
        return at + 1, "nothing"
    if _is_something_else(phrase, tokens, (at, cursor.at)):
        return cursor.at, "something else"
    return cursor.at, "deadline"


def _may_begin(tokens: tuple[Token, ...], at: int) -> bool:
    """A quick look: no deadline without a word or a figure that only times have."""
    if tokens[at].word not in _FIRST_WORDS:
        return isinstance(tokens[at].what, _VALUES) or tokens[at].what == Mark("+")
    for token in tokens[at : at + _REACH]:
        if token.word in pieces.STRONG or isinstance(token.what, _VALUES):
            return True
        if token.word in lengths.ONES and tokens[at].word in _BEFORE_AN_HOUR:
            return True
        if token.word not in _WORDS and not isinstance(token.what, Mark):
            return False
    return False


def _is_something_else(
    phrase: grammar.Phrase, tokens: tuple[Token, ...], span: tuple[int, int]
) -> bool:
    """Whether the words around it, or the phrase alone, say that no deadline is meant."""
    return (
        _word(tokens, span[0] - 1) in _NOT_AFTER
        or _word(tokens, span[1]) in _NOT_BEFORE
        or _is_money(tokens, span)
        or _is_inside_a_name(tokens, span)
        or _is_attribute(phrase, tokens, span)
        or _is_owner(tokens[span[1] - 1], tokens, span[1])
        or _is_part_alone(phrase, tokens, span)
        or _is_count(phrase, tokens, span)
    )


def _word(tokens: tuple[Token, ...], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def _is_money(tokens: tuple[Token, ...], span: tuple[int, int]) -> bool:
    """$5 or 20%: a sign that touches a figure."""
    before = tokens[span[0] - 1].what if span[0] else None
    after = tokens[span[1]] if span[1] < len(tokens) else None
    return (isinstance(before, Other) and before.text in _MONEY and tokens[span[0]].joined) or (
        after is not None
        and after.joined
        and isinstance(after.what, Other)
        and after.what.text in _MONEY
    )


def _is_inside_a_name(tokens: tuple[Token, ...], span: tuple[int, int]) -> bool:
    """monday in bob@monday.com, or a date in a case number: something touches it."""
    first, following = tokens[span[0]], tokens[span[1] : span[1] + 2]
    if first.joined and tokens[span[0] - 1].what in _TOUCHING:
        return True
    if not following or not following[0].joined:
        return False
    is_mark = following[0].what in _TOUCHING
    return not isinstance(following[0].what, Other | Mark) or (
        is_mark and len(following) == 2 and following[1].joined
    )


_TOUCHING: Final = (*map(Mark, "-/@"), *map(Other, "._\\:"))


def _is_attribute(phrase: grammar.Phrase, tokens: tuple[Token, ...], span: tuple[int, int]) -> bool:
    """A 30-day window, 12 months of data, 7 days a week: the length says which or how often."""
    if not phrase.pieces[-1].is_length:
        return False
    following = _word(tokens, span[1])
    is_led = phrase.pieces[0].span[0] > span[0]
    if following in ("a", "an", "per", "each") or (following == "of" and not is_led):
        return True
    is_singular = _word(tokens, span[1] - 1) in ("day", "hour", "minute", "week", "month", "year")
    counted = tokens[span[1] - 2].what if span[1] > 1 else None
    if counted == Mark("-") and span[1] > 2:
        counted = tokens[span[1] - 3].what
    return is_singular and isinstance(counted, Number) and counted.value != 1 and bool(following)


def _is_owner(last: Token, tokens: tuple[Token, ...], after: int) -> bool:
    """Friday's visit: the day only says which."""
    return last.is_owner and bool(_word(tokens, after))


def _is_part_alone(
    phrase: grammar.Phrase, tokens: tuple[Token, ...], span: tuple[int, int]
) -> bool:
    """The night, sat, a week: words that mean a deadline only beside others."""
    if len(phrase.pieces) > 1 or phrase.pieces[0].span[0] > span[0]:
        return False
    words = {_word(tokens, at) for at in range(*span)}
    first = _word(tokens, span[0])
    if words <= _ALSO_A_WORD:
        return "the" in words or bool(_word(tokens, span[1]))
    if phrase.pieces[0].slot == "time":
        return first in _NO_DEADLINE_ALONE
    is_length = phrase.pieces[0].is_length
    return is_length and (first in ("a", "an") or _word(tokens, span[0] - 1) == "for")


def _is_count(phrase: grammar.Phrase, tokens: tuple[Token, ...], span: tuple[int, int]) -> bool:
    """At 5 places, the 2nd attempt, part 1/2: the figure counts something else."""
    last = tokens[span[1] - 1].what
    following = _word(tokens, span[1])
    is_led = phrase.pieces[0].span[0] > span[0] or len(phrase.pieces) > 1
    if isinstance(last, Slashed):
        return not is_led and last.first <= last.second <= 9 and not last.year
    if isinstance(last, Clock) and last.half and span[1] - span[0] == 1:
        return tokens[span[0]].end - tokens[span[0]].start == 2  # seat 7A, room 5p
    if _word(tokens, span[1] - 1) in days.ORDINALS:
        return not is_led or bool(following)
    is_number = isinstance(last, Number | Ordinal) or _word(tokens, span[1] - 1) in lengths.ONES
    counts = is_number or _is_the_weekday(tokens, span)
    return counts and bool(following) and following not in _MAY_FOLLOW


def _is_the_weekday(tokens: tuple[Token, ...], span: tuple[int, int]) -> bool:
    """The Monday meeting: an article makes the day a description of what follows."""
    words = [_word(tokens, at) for at in range(max(span[0] - 1, 0), span[1])]
    return len(words) <= 3 and words[-2:-1] == ["the"] and words[-1] in days.WEEKDAYS
