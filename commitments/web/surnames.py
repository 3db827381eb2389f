"""Which of the words after a name in a line are more of the name: `@tom okafor call back`.

Words of a known customer's name are. A word that only looks like a name is taken for one too, so
that a customer of another name is asked about, and never silently meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from commitments.models import Kind, Team
from commitments.reading import after_names
from commitments.reading.promises import nouns, verbs
from commitments.understanding import kinds

from . import customers

_OPENING = verbs.BARE | frozenset(verbs.CONTINUOUS) | frozenset(verbs.PAST) | nouns.PROMISED
_SMALL = frozenset(
    (
        *("a", "an", "and", "the", "about", "re", "for", "to", "of", "on", "in", "with", "by"),
        *("his", "her", "their", "its", "he", "she", "they", "it", "we", "i", "will", "wants"),
        *("please", "pls", "new", "no", "not", "that", "this", "what", "when", "why", "how", "if"),
        *("who", "where", "is", "was", "has", "had", "needs", "urgent", "asap", "ok", "all"),
    )
)


def count(name: str, beside: Sequence[str], *, teams: Sequence[Team]) -> int:
    """How many of the words beside a name belong to it."""
    if not beside:
        return 0
    called = customers.names_with(beside[0], teams=teams)
    if not beside[0].islower() or beside[0] not in _OPENING:
        asked = name.casefold().split()
        theirs = [each for each in called if all(part in each for part in asked)]
        known = max((_run(beside, each.split(), asked) for each in theirs), default=0)
        if known:
            return known
    if after_names.is_capitalised(beside[0]):
        in_use = list(Kind.objects.for_customers())
        return len(list(takewhile(lambda word: _could_be_a_name(word, in_use), beside)))
    is_surname = any(each.split()[-1] == beside[0].casefold() for each in called)
    return int(is_surname and not _opens(beside[0]))


def _run(beside: Sequence[str], known: Sequence[str], asked: Sequence[str]) -> int:
    """So many of the words, from the first, are the rest of the known name."""
    rest = {word.strip(".,") for word in known} - set(asked)
    return len(list(takewhile(lambda word: word.casefold().strip(".") in rest, beside)))


def _could_be_a_name(word: str, in_use: Sequence[Kind]) -> bool:
    is_name = after_names.is_capitalised(word) and not _opens(word)
    return is_name and kinds.guessed(word, in_use) is None


def _opens(word: str) -> bool:
    """Whether promises begin with such a word."""
    return word.casefold() in _OPENING or word.casefold() in _SMALL
