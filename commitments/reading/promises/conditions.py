"""What the customer has to do first, so that a promise holds only once that is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from . import requests, verbs
from .futures import Future
from .wordlist import wordlist
from .words import Word

_SINCE: Final = wordlist("once when after until upon")
_DONE_ALREADY: Final = wordlist(
    """
    had did were was filed received paid sent submitted ordered booked bought purchased already
    missed made didnt got been lost signed applied returned reported
    """
)
_HAPPENS: Final = wordlist(
    """
    are is miss lose experience qualify remain find live own receive see get hear
    """
)
_YOURS: Final = wordlist("you your")
_FIRST: Final = wordlist("receive get have hear")
_THEIRS: Final = wordlist("your that those this these")
_WORDS_GIVEN: Final = wordlist(
    """
    permission consent approval agreement ok okay confirmation details information info reply
    number
    """
)
_JOINS: Final = wordlist("and so then , - where")


def in_sentence(words: Sequence[Word], future: Future) -> str:
    """What has to come first, as this sentence says it; "" if nothing."""
    if _request_before(words, future):
        return "asks the customer for something first"
    if _is_offered(words, future):
        return "is only offered"
    if _with_your_word(words):
        return "waits for the customer's word"
    if _if_you(words):
        return "holds only if the customer acts"
    if _once_you(words):
        return "waits for the customer"
    return ""


def in_sentences_before(before: Sequence[Sequence[Word]]) -> str:
    """What the turn asked for just before; "" if nothing."""
    if not before:
        return ""
    last = before[-1]
    said = [word.text for word in last]
    if requests.asks_for_details(said) or requests.lists_details(said):
        return "follows a request to the customer"
    return ""


def _request_before(words: Sequence[Word], future: Future) -> bool:
    """ "Send us a photo and we'll look", "can you call us so we can"."""
    start = future.at if future.subject.is_left_out else future.subject.start
    if start < 1:
        return False
    before = [word.text for word in words[:start]]
    if before[-1] not in _JOINS and "please" not in before:
        return False
    return requests.is_made(before) or requests.lists_details(before)


def _is_offered(words: Sequence[Word], future: Future) -> bool:
    """ "We can ask our engineers, who will call you"."""
    said = [word.text for word in words[: future.at]]
    return "who" in said[-3:] and "can" in said


def _with_your_word(words: Sequence[Word]) -> bool:
    """ "With your permission", "with those details"."""
    for place, word in enumerate(words[:-2]):
        after = {follows.text for follows in words[place + 1 : place + 4]}
        if word.text in ("with", "upon", "on") and after & _WORDS_GIVEN and after & _THEIRS:
            return True
    return False


def _if_you(words: Sequence[Word]) -> bool:
    said = [word.text for word in words]
    for place, word in enumerate(said):
        if word not in ("if", "unless", "provided", "should"):
            continue
        clause = _clause(said, place + 1)
        if word == "should" and clause[:1] != ["you"]:
            continue
        if _is_up_to_customer(clause):
            return True
    return False


def _clause(said: Sequence[str], at: int) -> list[str]:
    clause = []
    for word in said[at : at + 12]:
        if word in (",", ";", ":", ".", "-", "then", "we", "i", "they"):
            break
        clause.append(word)
    return clause


def _is_up_to_customer(clause: Sequence[str]) -> bool:
    if not clause or not _YOURS.intersection(clause[:3]):
        return False
    if _DONE_ALREADY.intersection(clause) or "not" in clause:
        return False
    acting = [word for word in clause if word not in _YOURS and not verbs.is_adverb(word)]
    if not acting:
        return False
    if acting[0] in ("are", "is"):
        return bool({"happy", "interested", "willing", "ok", "okay", "able"}.intersection(clause))
    if acting[0] == "have":
        return bool({"question", "questions", "time", "few", "minute"}.intersection(clause))
    return acting[0] not in _HAPPENS


def _once_you(words: Sequence[Word]) -> bool:
    said = [word.text for word in words]
    for place, word in enumerate(said):
        is_as_soon = word == "soon" and said[place + 1 : place + 2] == ["as"]
        if word not in _SINCE and not is_as_soon:
            continue
        clause = said[place + (2 if is_as_soon else 1) :][:8]
        if _is_awaited(clause):
            return True
    return False


def _is_awaited(clause: Sequence[str]) -> bool:
    """ "You send it", "you have returned it", "we receive your form", "I hear from you"."""
    if not clause:
        return False
    if clause[0] == "you":
        return len(clause) > 1 and clause[1] not in ("are", "were", "is", "miss")
    bare = [word for word in clause if not verbs.is_adverb(word) and word != "have"]
    gets = bool(_FIRST.intersection(bare[1:2])) or "received" in bare[:3] or "got" in bare[:3]
    return bare[:1] in (["we"], ["i"], ["they"]) and gets and bool(_YOURS.intersection(clause))
