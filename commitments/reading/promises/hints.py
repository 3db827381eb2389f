"""Small questions about a sentence that several signs ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from . import nouns
from .acts import Act
from .futures import Future
from .wordlist import wordlist
from .words import Word

_TIMES: Final = wordlist(
    """
    today tonight tomorrow monday tuesday wednesday thursday friday saturday sunday mon tue tues
    wed thu thur thurs fri sat sun week weeks weekend month months hour hours hr hrs day days
    minute minutes min mins morning afternoon evening noon midday midnight midweek eod cob eow
    am pm january february april june july august september october november december jan feb
    apr jun jul aug sept oct nov dec moment moments fortnight year tmrw tmr tomo weds
    """
)
_LENGTHS: Final = wordlist(
    """
    hour hours hr hrs day days minute minutes min mins week weeks month months hours
    """
)
_LEADS: Final = wordlist("by before at until around about between")
_WAITS: Final = wordlist("just me us for give a please , . ( yes sure ok okay")
_LIKES: Final = wordlist("like love prefer rather appreciate recommend suggest happy glad be")
_MOMENTS: Final = wordlist("moment moments sec second seconds minute")
_FIGURED: Final = re.compile(r"(?:[ap]m|hrs?|h|mins?|days?|wks?|moro|morrow|day|nite)\.?$|:")
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
_HANDING_OVER: Final = wordlist("sending posting mailing shipping popping couriering issuing")
_HERE: Final = wordlist("attached now herewith enclosed this below these here speak following")
_ONWARD: Final = wordlist("out to off into back through in on via your")
_SHUTS: Final = nouns.TEAM | {"they", "we"}
_NOT_A_PROMISE: Final = wordlist("charge bill find ask hold save show")


def has_time(words: Sequence[Word], at: int) -> bool:
    """Whether a time is said from the word `at` on."""
    return any(
        is_time(word.text) or (before.text in _LEADS and _is_number(word.text))
        for before, word in pairwise(words[max(0, at - 1) :])
    )


def is_time(word: str) -> bool:
    is_clock = word[0].isdigit() and bool(_FIGURED.search(word))
    return is_clock or word in _TIMES or word in _VAGUE_TIMES


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBERS


def has_day(words: Sequence[Word], at: int) -> bool:
    """Whether a day is said from the word `at` on: "Monday", "the 22nd"."""
    return any(
        is_time(word.text) or word.text.endswith(("1st", "2nd", "3rd", "th"))
        for word in words[at:]
        if word.text[0].isdigit() or word.text in _TIMES
    )


def is_today(words: Sequence[Word], at: int) -> bool:
    """ "I'll be assisting you today": in this conversation."""
    return bool({"today", "now"} & {word.text for word in words[at:]})


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


def is_as_good_as_will(words: Sequence[Word], future: Future) -> bool:
    """ "Our team would get back to you shortly": a time is said, and no "if"."""
    said = {word.text for word in words}
    likes = {word.text for word in words[future.verb_at : future.verb_at + 3]} & _LIKES
    return not likes and "if" not in said and has_time(words, future.verb_at)


def is_enabled(words: Sequence[Word], at: int) -> bool:
    """ "We'll be able to look": what one can do is not yet promised."""
    return "able" in {word.text for word in words[at : at + 4]}


def is_ahead(words: Sequence[Word], at: int) -> bool:
    """Whether what "is being done" is still to come: "I'm sending it tomorrow"."""
    if words[at].text in _UNDER_WAY:
        return False
    if _is_on_its_way(words, at):
        return True
    for word in words[at : at + 12]:
        if word.text in ("and", "but", ",", ";", "because"):
            return False
        if word.text in _AHEAD:
            return True
    return False


def is_on_account(words: Sequence[Word], at: int) -> bool:
    """Whether what is seen is seen to have come: "on your account", "with your next order"."""
    said = [word.text for word in words[at : at + 12]]
    return bool(_ACCOUNTS.intersection(said)) or ("your", "next") in pairwise(said)


def _is_on_its_way(words: Sequence[Word], at: int) -> bool:
    """ "Posting you a new one": it has yet to come; what is attached has come."""
    said = [word.text for word in words[at : at + 12]]
    is_to_you = "you" in said[1:2] or bool({"post", "mail"}.intersection(said[1:]))
    return said[0] in _HANDING_OVER and is_to_you and not _HERE.intersection(said)


def is_ours(words: Sequence[Word], at: int) -> bool:
    """ "From me", "from us", "my redlines": the one who writes will do it."""
    said = [word.text for word in words[at : at + 8]]
    pairs = set(pairwise(said))
    return said[:1] in (["my"], ["our"]) or bool({("from", "me"), ("from", "us")} & pairs)


def is_from_us(words: Sequence[Word], at: int) -> bool:
    """ "My redlines", "an invitation from Lisa"."""
    said = [word.text for word in words[at : at + 8]]
    return said[:1] in (["my"], ["our"]) or "from" in said


def drops_off(words: Sequence[Word], at: int) -> bool:
    """A pending charge falls off the card."""
    said = [word.text for word in words[at : at + 2]]
    return said in (["drop", "off"], ["fall", "off"]) and has_time(words, at)


def is_there_then(words: Sequence[Word], at: int) -> bool:
    """ "Be out tomorrow", "be there at 9", "come next Monday"."""
    said = [word.text for word in words[at : at + 2]]
    comes = (
        said[:1] == ["come"]
        or said[:1] == ["arrive"]
        or said in (["be", "out"], ["be", "there"], ["be", "round"])
    )
    return comes and has_time(words, at)


def comes_to_you(words: Sequence[Word], at: int) -> bool:
    """ "Goes out", "shows on your card"; not "goes up", "shows at checkout"."""
    follows = {word.text for word in words[at + 1 : at + 3]}
    if "until" in follows:
        return False
    if words[at].text in ("show", "showing", "appear", "appearing"):
        return "checkout" not in follows and (is_on_account(words, at) or has_time(words, at))
    return words[at].text not in ("go", "going") or bool(follows & _ONWARD)


def is_working(words: Sequence[Word], at: int) -> bool:
    """ "Working", "back on"; not "back with you", "back in your account"."""
    said = [word.text for word in words[at : at + 2]]
    is_back = said[0] == "back" and said[1:] not in (["with"], ["in"], ["to"])
    return is_back or said[0] in ("working", "running", "online")


def is_handed_over(words: Sequence[Word], at: int) -> bool:
    """ "Ready", "with you", "on its way", "in the post" of something that was awaited."""
    said = [word.text for word in words[at : at + 4]]
    if "stock" in said or "store" in said:
        return False
    if said[0] in ("back", "there", "working", "running", "online", "available"):
        return has_time(words, at)
    if said[0] in ("ready", "done", "complete", "active", "yours"):
        return True
    pairs = {("with", "you"), ("on", "its"), ("on", "the"), ("on", "their"), ("in", "the")}
    return tuple(said[:2]) in pairs | {("in", "your"), ("on", "your")}


def fits(noun: str, done: Act) -> bool:
    """Whether this is done to that for a customer's good: charges are refunded, not collected."""
    if done.verb in _NOT_A_PROMISE or (done.verb in ("open", "close") and noun in _SHUTS):
        return False
    return noun not in nouns.MONEY or done.verb in _MONEY_VERBS
