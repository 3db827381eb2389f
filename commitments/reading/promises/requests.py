"""What the customer is asked to do or to tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from . import verbs
from .wordlist import wordlist

# What one tells or hands over; "try" and "check" below ask for something else.
_TELLS: Final = wordlist(
    """
    send dm pm message email mail call text ring phone contact tell let give share provide reply
    respond confirm click use select fill complete submit upload attach reach report tweet speak
    write forward enter post quote advise specify include state list mention inbox drop work log
    register direct private meet follow shoot pop return visit see chat request sign whatsapp dial
    bring
    """
)
_DOES: Final = _TELLS | wordlist(
    """
    check choose pick download hit press book take leave ask go scan open join place pay get put
    make show type snap grab read add file raise come head stop try say name describe explain
    answer ping link decide choose order have remind
    """
)
_OPENERS: Final = wordlist(
    """
    please just kindly simply then so also sorry ok okay sure yes no alternatively instead
    otherwise
    """
)
_PRESSES: Final = wordlist("choose select click press tap dm")
_MARKS: Final = wordlist(", ; : . - (")
_PLEAS: Final = wordlist("please just kindly simply")
_TO: Final = wordlist("sure free need have want")
_OBJECTS: Final = wordlist(
    """
    us me your the a an it this that these them our any back in here out with to over up on at
    one some know through private via directly him her by
    """
)
_NO_REQUEST_AFTER_PLEASE: Final = wordlist(
    """
    know accept note allow bear rest rely hold hang stand wait excuse pardon forgive be keep do
    """
)
_LIES_HERE: Final = wordlist("attached below above enclosed attachment")
_ASKS: Final = wordlist("can could would will may")
_MAY: Final = wordlist("can could may should must need")
_QUESTIONS: Final = wordlist("which what where whats when")
_SMALL_TALK: Final = wordlist("else anything help up wrong")
_DETAILS: Final = wordlist(
    """
    number name reference address details email phone zip postcode order booking code photo
    screenshot version query dob birth id username account receipt contact surname tel card
    """
)
_SAYS_SOMETHING: Final = wordlist("is are was were have has do can will we i they")


def is_made(said: Sequence[str]) -> bool:
    """Whether these words ask the customer to do something."""
    return _is_asked(said, _DOES)


def asks_for_details(said: Sequence[str]) -> bool:
    """Whether this sentence asks the customer to tell, send or get in touch."""
    return _is_asked(said, _TELLS) or _is_question_for_details(said)


def lists_details(said: Sequence[str]) -> bool:
    """The rest of a request that was cut in two: "reference, e-mail address and postcode"."""
    return not _SAYS_SOMETHING.intersection(said) and len(_DETAILS.intersection(said)) > 1


def _is_asked(said: Sequence[str], doing: frozenset[str]) -> bool:
    return any(
        _is_told_to(said, place, doing)
        or _is_asked_to(said, place, doing)
        or _is_pleaded(said, place, doing)
        or _is_needed(said, place)
        or _is_allowed(said, place, doing)
        for place in range(len(said))
    )


def _is_told_to(said: Sequence[str], place: int, doing: frozenset[str]) -> bool:
    """ "Send us a photo", "..., just use the link", "be sure to see an agent"."""
    if said[place] not in doing or not _is_open(said, place) or _is_let_me(said, place):
        return False
    is_clear = place == 0 or said[place - 1] in _PLEAS or said[place] in _PRESSES
    return is_clear or (place + 1 < len(said) and said[place + 1] in _OBJECTS)


def _is_open(said: Sequence[str], place: int) -> bool:
    if place == 0 or said[place - 1] in _OPENERS | _MARKS:
        return True
    if said[place - 1] in ("and", "then") and "please" in said[: place - 1]:
        return True
    return said[place - 1] == "to" and said[place - 2] in _TO and "i" not in said[:place]


def _is_let_me(said: Sequence[str], place: int) -> bool:
    """ "Let me check", "give me a moment": said by who acts next."""
    after = said[place + 1 : place + 5]
    if said[place] == "see" and _LIES_HERE.intersection(after[:3]):
        return True
    if said[place] == "let":
        return not {"know", "have"}.intersection(after)
    waits = {"moment", "moments", "second", "seconds", "sec", "minute", "minutes", "min", "mins"}
    return said[place] in ("give", "take", "see") and bool(waits.intersection(after))


def _is_asked_to(said: Sequence[str], place: int, doing: frozenset[str]) -> bool:
    """ "Could you tell us which store it was"."""
    if said[place] not in _ASKS or said[place + 1 : place + 2] != ["you"]:
        return False
    return _any_of(doing, said[place + 2 : place + 6])


def _is_pleaded(said: Sequence[str], place: int, doing: frozenset[str]) -> bool:
    after = said[place + 1 : place + 4]
    if said[place] != "please" or not after or _is_let_me(said, place + 1):
        return False
    if after[0] == "see" and _LIES_HERE.intersection(after):
        return False
    if after[0] in _NO_REQUEST_AFTER_PLEASE:
        return after[:3] == ["be", "sure", "to"]
    return _any_of(doing, after)


def _any_of(doing: frozenset[str], said: Sequence[str]) -> bool:
    """Whether one of these verbs is said, also as "sending"."""
    return any(verbs.CONTINUOUS.get(word, word) in doing for word in said)


def _is_allowed(said: Sequence[str], place: int, doing: frozenset[str]) -> bool:
    """ "You can leave it at the desk", "you'll need to call them", "why don't you call me"."""
    follows = said[place + 1 : place + 4]
    if said[place - 3 : place + 1] == ["why", "do", "not", "you"]:
        return _any_of(doing, follows[:2])
    if said[place] != "you" or not _MAY.intersection(follows) or "not" in follows:
        return False
    return _any_of(doing - {"see", "get", "make"}, said[place + 2 : place + 6])


def _is_needed(said: Sequence[str], place: int) -> bool:
    """ "I'll just need your address"."""
    return said[place] == "need" and bool({"your", "you"}.intersection(said[place + 1 : place + 5]))


def _is_question_for_details(said: Sequence[str]) -> bool:
    if not said or said[-1] != "?" or _SMALL_TALK.intersection(said):
        return False
    asks = _QUESTIONS.intersection(said[:8])
    return bool(asks) or bool(_DETAILS.intersection(said) and "your" in said)
