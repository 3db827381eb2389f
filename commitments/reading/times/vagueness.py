"""Words that name a when without a time: soon, at some point, as soon as we have news."""

from __future__ import annotations

from typing import Final

from commitments.reading.times.cursor import Cursor, Phrases
from commitments.reading.times.tokens import Mark, Other, Token, Word

_VAGUE: Final = Phrases(
    {
        "[very|really|real|pretty|quite] soon": True,
        "soonish|soonest": True,
        "[just] as soon|quickly|fast|early as possible|practical|practicable|able": True,
        "[just] as soon|quickly|fast as i|we|you|they can": True,
        "[in] [the] [very] near future": True,
        "asap": True,
        "sooner or|rather than|later later": True,
        "shortly|momentarily|presently|promptly|immediately|instantly|quickly|pronto": True,
        "in due course|time": True,
        "in a bit|while|moment|sec|second|jiffy|flash|mo|tick": True,
        "just a sec|second|moment|minute|mo|tick": True,
        "[just] one sec|second|moment": True,
        "in a little [while|bit]": True,
        "in a short while": True,
        "in no time": True,
        "in [just] a few": True,
        "any time|moment|minute now": True,
        "one day": True,
        "before [too] long": True,
        "right|straight away": True,
        "right now": True,
        "later [on]": True,
        "sometime|someday|eventually|whenever": True,
        "some time|day": True,
        "at some point|stage": True,
        "at the [very] earliest [opportunity|convenience]": True,
        "at your|our|my [earliest] convenience": True,
        "as early as possible": True,
        "without delay": True,
        "in a prompt|timely manner|fashion": True,
        "when possible": True,
        "when|whenever i|we|you|they can": True,
        "when i|we get a chance|minute|moment": True,
    }
)
# What begins a clause about an event, which is no time either.
_AS_SOON_AS: Final = Phrases({"[just] as soon|quickly|fast as": True})
_EVENT: Final = ("once", "when", "whenever", "after", "if", "unless", "upon")


def vague_at(cursor: Cursor) -> bool:
    """Whether a vague phrase begins here; it is taken, an event to the end of its clause."""
    if cursor.said(_VAGUE):
        return True
    if not cursor.said(_AS_SOON_AS):
        return False
    _pass_clause(cursor)
    return True


def is_nothing_else(tokens: tuple[Token, ...]) -> bool:
    """Whether all the tokens are one vague phrase."""
    cursor = Cursor(tokens)
    return cursor.said(_VAGUE) is not None and cursor.is_over()


def is_vague(tokens: tuple[Token, ...]) -> bool:
    """Whether a phrase that is no deadline names a when nevertheless."""
    for index, token in enumerate(tokens):
        if isinstance(token.what, Word) and (
            vague_at(Cursor(tokens, index)) or (not index and token.what.text in _EVENT)
        ):
            return True
    return any(token.what == Word("ish") for token in tokens)


def _pass_clause(cursor: Cursor) -> None:
    while not cursor.is_over():
        what = cursor.peek()
        if isinstance(what, Other) or what == Mark(","):
            return
        cursor.at += 1


# One word of every vague phrase, the longest: no phrase stands without it.
HINTS: Final = frozenset(max(words, key=len) for words in _VAGUE.all) | {"as"}
