"""Small questions about a sentence that several signs ask."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from . import nouns
from .acts import Act
from .futures import Future
from .subjects import Who
from .wordlist import wordlist
from .words import Word

_TIMES: Final = wordlist(
    """
    today tonight tomorrow monday tuesday wednesday thursday friday saturday sunday mon tue tues
    wed thu thur thurs fri sat sun week weeks weekend month months hour hours hr hrs day days
    minute minutes min mins morning afternoon evening noon midday midnight midweek eod cob eow
    am pm january february april june july august september october november december jan feb
    apr jun jul aug sept oct nov dec moment moments fortnight year
    """
)
_LENGTHS: Final = wordlist(
    """
    hour hours hr hrs day days minute minutes min mins week weeks month months hours
    """
)
_LEADS: Final = wordlist("by before at until around about")
_WAITS: Final = wordlist("just me us for give a please , . ( yes sure ok okay")
_MOMENTS: Final = wordlist("moment moments sec second seconds minute")
_NUMBERS: Final = wordlist("one two three four five six seven eight nine ten eleven twelve")
_VAGUE_TIMES: Final = wordlist("soon shortly asap momentarily later immediately promptly once")
_AHEAD: Final = wordlist(
    """
    today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday next shortly
    within
    """
)
_UNDER_WAY: Final = wordlist(
    """
    working looking trying waiting showing seeing getting having checking holding sitting
    running keeping asking thinking planning discussing reviewing investigating
    """
)
_DOUBT: Final = wordlist(
    """
    hope hopes hoping hopefully wish fingers assume assuming guess suppose wonder wondering
    unsure doubt whether unless imagine presume heard rumour rumor apparently unlikely doubtful
    impossible maybe perhaps might
    """
)
_THINKS: Final = wordlist("understand think sure know believe see figure remember")
_REPORTED: Final = wordlist("told said says mentioned claimed claims")
_GENERAL: Final = wordlist("usually normally typically generally never ordinarily")
_LOOK_BACK: Final = 8
_ACCOUNTS: Final = wordlist(
    """
    bill invoice account reflect reflected reflecting card statement balance bank inbox back
    appear posted post posting credited wallet profile mailbox
    """
)
_MONEY_VERBS: Final = wordlist(
    """
    refund return send credit deposit redeposit pay repay process issue reverse transfer remove
    waive release restore reimburse drop put post give apply adjust wire
    """
)
_NOT_A_PROMISE: Final = wordlist("charge bill find ask hold save")


def has_time(words: Sequence[Word], at: int) -> bool:
    """Whether a time is said from the word `at` on."""
    return any(
        is_time(word.text) or (before.text in _LEADS and _is_number(word.text))
        for before, word in pairwise(words[max(0, at - 1) :])
    )


def is_time(word: str) -> bool:
    is_clock = word[0].isdigit() and (word.endswith(("am", "pm")) or ":" in word)
    return is_clock or word in _TIMES or word in _VAGUE_TIMES


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBERS


def has_length(words: Sequence[Word], at: int) -> bool:
    """Whether an amount of time is said: "3 to 5 days", "a week"."""
    said = [word.text for word in words[at : at + 12]]
    return bool(_LENGTHS.intersection(said))


def is_at_once(words: Sequence[Word]) -> bool:
    """ "One moment", "bear with me": done in this conversation. "In a moment" is a time."""
    said = [word.text for word in words]
    for place, word in enumerate(said[:-1]):
        if word in ("bear", "hold", "hang") and said[place + 1] in ("with", "on", "for", "tight"):
            return True
        waits = word in ("one", "a", "few", "quick") and said[place + 1] in _MOMENTS
        if waits and (place == 0 or said[place - 1] in _WAITS):
            return True
    return False


def is_ahead(words: Sequence[Word], at: int) -> bool:
    """Whether what "is being done" is still to come: "I'm sending it tomorrow"."""
    if words[at].text in _UNDER_WAY:
        return False
    for word in words[at : at + 12]:
        if word.text in ("and", "but", ",", ";", "because"):
            return False
        if word.text in _AHEAD:
            return True
    return False


def is_doubted(words: Sequence[Word], future: Future) -> bool:
    """Hoped, guessed, heard from others, said of every case, or a question within a sentence."""
    start = future.subject.start
    before = [word.text for word in words[max(0, start - _LOOK_BACK) : start]]
    between = {word.text for word in words[start : future.verb_at + 2]}
    if between & (_GENERAL | {"hopefully", "maybe", "perhaps"}):
        return True
    clause = _since_mark(before)
    if _DOUBT.intersection(clause) or {"fingers", "hopefully"}.intersection(before):
        return True
    if before and before[-1] in ("if", "whether", "how", "what", "where", "why", "until", "unless"):
        return True
    if before[-1:] in (["so"], ["that"]) and "so" in before[-2:] and "able" in between:
        return True
    if future.subject.who is Who.AGENT:
        return "not" in clause and bool(_THINKS.intersection(clause))
    return bool(_REPORTED.intersection(clause)) or bool(_is_thought(clause))


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


def is_on_account(words: Sequence[Word], at: int) -> bool:
    """Whether what is seen is seen to have come: "reflected on your account"."""
    return bool(_ACCOUNTS & {word.text for word in words[at : at + 12]})


def is_it_by_then(words: Sequence[Word], at: int) -> bool:
    """ "You will have it by noon"."""
    said = [word.text for word in words[at : at + 1]]
    return said in (["it"], ["that"], ["them"], ["this"]) and has_time(words, at)


def is_handed_over(words: Sequence[Word], at: int) -> bool:
    """ "Ready", "with you", "on its way", "in the post" of something that was awaited."""
    said = [word.text for word in words[at : at + 4]]
    if said[0] in ("back", "working", "running", "online", "available"):
        return has_time(words, at)
    if said[0] in ("ready", "done", "complete", "active", "yours"):
        return True
    pairs = {("with", "you"), ("on", "its"), ("on", "the"), ("on", "their"), ("in", "the")}
    return tuple(said[:2]) in pairs | {("in", "your"), ("on", "your"), ("there", "by")}


def fits(noun: str, done: Act) -> bool:
    """Whether this is done to that for a customer's good: charges are refunded, not collected."""
    if done.verb in _NOT_A_PROMISE:
        return False
    return noun not in nouns.MONEY or done.verb in _MONEY_VERBS
