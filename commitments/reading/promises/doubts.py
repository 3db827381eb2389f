"""What is spoken of the future and is no promise: hoped, guessed, heard, said of every case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .futures import Future
from .subjects import Who
from .wordlist import wordlist
from .words import Word

_DOUBT: Final = wordlist(
    """
    hope hopes hoping hopefully wish fingers assume assuming guess suppose wonder wondering
    unsure doubt whether unless imagine presume heard rumour rumor apparently unlikely doubtful
    impossible maybe perhaps might
    """
)
_THINKS: Final = wordlist(
    "understand think thinks thought sure know believe believes see figure remember"
)
_REPORTED: Final = wordlist("told tells said says mentioned claimed claims heard hears")
_GENERAL: Final = wordlist("usually normally typically generally never ordinarily")
_EVERYBODY: Final = wordlist("all every each any most many")
_LOOK_BACK: Final = 8
_HOPE: Final = wordlist("hopefully fingers maybe perhaps")
_ASKS: Final = wordlist("if whether how what where why until unless")


def is_doubted(words: Sequence[Word], future: Future) -> bool:
    """Hoped, guessed, heard from others, said of every case, or a question within a sentence."""
    start = future.subject.start
    before = [word.text for word in words[max(0, start - _LOOK_BACK) : start]]
    between = {word.text for word in words[start : future.verb_at + 2]}
    clause = _since_mark(before)
    return (
        bool(between & (_GENERAL | _HOPE))
        or (future.subject.who is Who.YOU and _is_each_time(words[future.verb_at :]))
        or (start < len(words) and words[start].text in _EVERYBODY)
        or bool(_DOUBT.intersection(clause) or _HOPE.intersection(before))
        or (bool(_ASKS.intersection(before[-1:])) and not _is_what_is_done(words, future))
        or ("able" in between and _is_purpose(before))
        or _is_said_by_others(clause, future)
        or _is_hoped_at_last(words)
    )


def _is_each_time(words: Sequence[Word]) -> bool:
    """ "You'll get a letter whenever", "a gift with every order"."""
    return any(word.text in ("whenever", "every") for word in words)


def _is_hoped_at_last(words: Sequence[Word]) -> bool:
    """ "..., hopefully", "fingers crossed"."""
    crossed = any(word.text == "fingers" for word in words)
    return crossed or any(word.text == "hopefully" for word in words[-2:])


def _is_what_is_done(words: Sequence[Word], future: Future) -> bool:
    """ "What I'll do is send you a new one"."""
    return [word.text for word in words[future.verb_at : future.verb_at + 2]] == ["do", "is"]


def _is_purpose(before: Sequence[str]) -> bool:
    """ "So that we'll be able to"."""
    return before[-1:] == ["so"] or before[-2:] == ["so", "that"]


def _is_said_by_others(clause: Sequence[str], future: Future) -> bool:
    """ "They told me she will", "I don't think we'll"."""
    if future.subject.who is Who.AGENT:
        return "not" in clause and bool(_THINKS.intersection(clause))
    return bool(_REPORTED.intersection(clause)) or _is_thought(clause)


def _is_thought(clause: Sequence[str]) -> bool:
    """ "I think they will", "we're sure you'll": beliefs. "Please know", "rest assured": not."""
    return bool(_THINKS.intersection(clause)) and not {"please", "rest"}.intersection(clause)


def _since_mark(before: Sequence[str]) -> list[str]:
    clause: list[str] = []
    for word in reversed(before):
        if word in (",", ";", ":", ".", "?", "-", "and", "but", "so"):
            break
        clause.append(word)
    return clause
