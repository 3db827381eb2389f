"""What the customer has to do first, so that a promise holds only once that is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from . import requests, verbs
from .futures import Future
from .wordlist import wordlist
from .words import Word

_SINCE: Final = wordlist("once when after until upon whenever")
_IFS: Final = wordlist("if provided providing assuming should")
_DONE_ALREADY: Final = wordlist(
    """
    had did were was filed received paid sent submitted ordered booked bought purchased already
    missed made didnt got been lost signed applied returned reported
    """
)
_HAPPENS: Final = wordlist(
    """
    miss lose experience qualify remain live own receive get hear feel think believe fly travel
    misconnect overpay
    """
)
_WILLING: Final = wordlist("happy interested willing ok okay able keen ready unable")
_MEANT_TO: Final = (["planning"], ["going"], ["looking"], ["coming"], ["thinking"])
_DONE: Final = wordlist("ready done finished free available")
_HAVING: Final = wordlist(
    """
    question questions time few minute number reference details photo receipt proof copy id
    query
    """
)
_YOURS: Final = wordlist("you your")
_GETS: Final = wordlist("receive received get got hear heard have")
_HANDED_IN: Final = wordlist(
    """
    received returned submitted uploaded filled signed paid sent in back
    """
)
_THEIRS: Final = wordlist("your that those this these")
_WORDS_GIVEN: Final = wordlist(
    """
    permission consent approval agreement ok okay confirmation details information info reply
    number
    """
)
_JOINS: Final = wordlist("and so then , - where before")
_MARKS: Final = wordlist(", ; : .")
_SUITS: Final = wordlist("suits works ok okay alright")
_FEW: Final = 4


def in_sentence(words: Sequence[Word], future: Future) -> str:
    """What has to come first, as this sentence says it; "" if nothing."""
    said = [word.text for word in words]
    if _request_before(said, future):
        return "asks the customer for something first"
    if _is_offered(said, future):
        return "is only offered"
    if _with_your_word(said):
        return "waits for the customer's word"
    if _if_you(said):
        return "holds only if the customer acts"
    if _once_you(said):
        return "waits for the customer"
    return ""


def in_sentences_before(before: Sequence[Sequence[Word]]) -> str:
    """What was asked for just before; "" if nothing. A word of thanks between does not matter."""
    for words in reversed(before):
        said = [word.text for word in words]
        if {"if", "will"} <= set(said):
            break  # "If it stays away, call us and we'll send another" asks for nothing now
        if requests.asks_for_details(said) or requests.lists_details(said):
            return "follows a request to the customer"
        if len(said) > _FEW:
            break
    return ""


def in_sentence_after(after: Sequence[Word]) -> str:
    """What is asked for right after: "We'll look into it. Could you send us the number?"."""
    said = [word.text for word in after]
    is_asked = requests.asks_for_details(said) and not _IFS.intersection(said)
    return "is followed by a request to the customer" if is_asked else ""


def _request_before(said: Sequence[str], future: Future) -> bool:
    """ "Send us a photo and we'll look", "can you call us so we can"."""
    start = future.at if future.subject.is_left_out else future.subject.start
    before = said[:start]
    if not before:
        return False
    joins = before[-1] in _JOINS or "please" in before or said[future.at - 1] == "who"
    return joins and (requests.is_made(before) or requests.lists_details(before))


def _is_offered(said: Sequence[str], future: Future) -> bool:
    """ "We can ask our engineers, who will call you"."""
    before = said[: future.at]
    return "who" in before[-3:] and "can" in before


def _with_your_word(said: Sequence[str]) -> bool:
    """ "With your permission", "with those details", "upon receipt of your form"."""
    for place, word in enumerate(said):
        after = set(said[place + 1 : place + 5])
        given = _WORDS_GIVEN if word == "with" else _WORDS_GIVEN - {"number"}
        if word in ("with", "upon", "on") and after & _THEIRS and after & given:
            return True
        if word in ("pending", "subject") and "your" in after:
            return True
        if word in ("upon", "on") and {"receipt", "your"} <= after:
            return True
    return False


def _if_you(said: Sequence[str]) -> bool:
    """ "If you send it", "should you decide", "as long as you"; not "if you were charged"."""
    for place, word in enumerate(said):
        is_as_long = word == "as" and said[place - 2 : place] == ["as", "long"]
        if word not in _IFS and not is_as_long:
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
    """Whether the customer decides on it: "you send", "your mother can find"; not "you miss"."""
    if _SUITS.intersection(clause) or clause[-2:] == ["from", "you"]:
        return True
    done = clause[: clause.index("you") + 4] if "you" in clause else clause
    if not _YOURS.intersection(clause[:3]) or _DONE_ALREADY.intersection(done):
        return False
    if {"mind", "not"}.intersection(clause):
        return "mind" in clause
    if "you" not in clause[:3]:
        return bool({"can", "could", "would"}.intersection(clause))
    return _is_a_choice([word for word in clause if word != "you" and not verbs.is_adverb(word)])


def _is_a_choice(acting: Sequence[str]) -> bool:
    """Whether these verbs are done on purpose."""
    if not acting:
        return False
    if acting[0] in ("are", "is"):
        return bool(_WILLING.intersection(acting)) or acting[1:2] in _MEANT_TO
    if acting[0] == "have":
        return bool(_HAVING.intersection(acting))
    return acting[0] not in _HAPPENS


def _once_you(said: Sequence[str]) -> bool:
    for place, word in enumerate(said):
        is_as_soon = word == "as" and said[place - 1] == "soon"
        if (word in _SINCE or is_as_soon) and _is_awaited(said[place + 1 : place + 9]):
            return True
    return False


def _up_to_mark(said: Sequence[str]) -> Sequence[str]:
    return next((said[:place] for place, word in enumerate(said) if word in _MARKS), said)


def _is_awaited(clause: Sequence[str]) -> bool:
    """ "You send it", "we receive your form", "your form is received", "I hear from you"."""
    clause = _up_to_mark(clause)
    if not clause:
        return False
    if clause[0] in ("the", "it", "they") and "returned" in clause[1:5]:
        return True
    if clause[0] == "you":
        is_state = clause[1:2] in (["are"], ["were"], ["is"], ["miss"])
        return not is_state or bool(_DONE.intersection(clause[2:4]))
    if clause[0] == "your":
        return bool(_HANDED_IN.intersection(clause[2:6]))
    bare = [word for word in clause if not verbs.is_adverb(word)]
    is_yours = bool(_YOURS.intersection(clause)) or "back" in clause[3:]
    if bare[:1] not in (["we"], ["i"], ["they"]) or not is_yours:
        return False
    gets = bare[2:3] if bare[1:2] == ["have"] and bare[2:3] != ["your"] else bare[1:2]
    return bool(_GETS.intersection(gets))
