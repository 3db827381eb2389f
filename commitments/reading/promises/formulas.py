"""Promises that are made without a future form, by a formula.

"Please allow 5 days for the refund", "leave it with me", "expect a call tomorrow", "let me find out
and get back to you", and a bare time in answer to the question when.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from . import acts, hints, kinds, nouns
from .conversation import Promisor
from .signs import Sign
from .wordlist import wordlist
from .words import Word

_FIXED: Final = (
    re.compile(r"leave (?:it|this|that) with (?:me|us)\b"),
    re.compile(r"consider (?:it|that) (?:done|sorted|fixed)\b"),
    re.compile(r"count on (?:it|me|us)\b"),
)
_AWAITED: Final = wordlist("expect watch look keep")
_LOOK_OUT: Final = wordlist("for out eye")
_BACK: Final = wordlist("get come report circle call ring write revert")
_WHEN: Final = wordlist("when long soon time eta")
_SET: Final = frozenset({"scheduled", "due", "booked"})
_OURS: Final = wordlist("your the delivery shipment")
_LATEST_VERB: Final = 20
_COMES: Final = wordlist("refund replacement visit")
_LONGEST_YES: Final = 5
_LONGEST_ANSWER: Final = 9
_ANSWERS: Final = wordlist(
    """
    in within by on at about around approximately roughly up to less more than under the it
    should will take be takes usually hi hello yes sure sorry no later
    before a an and or between from now next first thing working business of this so only just
    for as soon possible later i think expect well ok okay any latest earliest most
    """
)


def of(words: Sequence[Word], *, asked: Sequence[Word]) -> Sign | None:
    """The sign that a formula gives; `asked` is what the customer said just before."""
    return (
        _please_allow(words)
        or _expect(words)
        or _let_me_come_back(words)
        or _fixed(words)
        or _ships(words)
        or _more_to_follow(words)
        or _yes_we_will(words, asked)
        or _answer_to_when(words, asked)
    )


def asks_when(asked: Sequence[Word]) -> bool:
    return any(word.text in _WHEN for word in asked)


def _please_allow(words: Sequence[Word]) -> Sign | None:
    """ "Please allow (us) two working days for the deposit to reach you"."""
    for at, word in enumerate(words[:-2]):
        pleads = word.text in ("please", "kindly", "just") or at == 0
        allow = at + 1 if word.text in ("please", "kindly", "just") else at
        if not pleads or words[allow].text not in ("allow", "give"):
            continue
        if words[allow].text == "give" and words[allow + 1].text != "us":
            continue
        if {"me", "moment", "moments", "second"} & {w.text for w in words[allow : allow + 6]}:
            continue
        if hints.has_length(words, allow):
            kind = _time_for(words, allow) or kinds.named_last(words[:at]) or "followup"
            return _sign(words, kind, allow, allow + 1, "asks for time to do it", by="team")
    return None


def _time_for(words: Sequence[Word], at: int) -> str:
    """The kind of what time is asked for: "for the fee to be refunded", "to check this"."""
    for place in range(at, len(words) - 1):
        if words[place].text == "to":
            act = acts.passive(words, place + 1) or acts.read(words, place + 1)
            if act and act.is_sure and act.verb != "show":
                return act.kind
    return kinds.of_nouns(words, at + 1, reach=20, past=("for", "from"))


def _expect(words: Sequence[Word]) -> Sign | None:
    """ "Expect a call by noon", "look out for our e-mail tomorrow", "you can expect a refund"."""
    for at, word in enumerate(words[:-1]):
        opens = at == 0 or words[at - 1].text in ("can", "please", ",", "and", "may", "just")
        if word.text not in _AWAITED or not opens or "not" in {w.text for w in words[:at]}:
            continue
        follows = {follow.text for follow in words[at + 1 : at + 3]}
        if word.text != "expect" and not follows & _LOOK_OUT:
            continue
        by: Promisor = "agent" if hints.is_ours(words, at) else "team"
        if "hear" in {w.text for w in words[at : at + 4]}:
            return _sign(words, "followup", at, at + 3, "says what to expect", by=by)
        kind = kinds.of_nouns(words, at + 1, past=("for",))
        if kind and (hints.has_time(words, at) or "from" in {w.text for w in words[at:]}):
            return _sign(words, kind, at, at + 2, "says what to expect", by=by)
    return None


def _let_me_come_back(words: Sequence[Word]) -> Sign | None:
    """ "Let me ask them and get back to you": "let me check" alone is done at once."""
    for at in range(len(words) - 3):
        if words[at].text not in ("let", "allow") or words[at + 1].text not in ("me", "us"):
            continue
        done = acts.all_of(words, at + 2 + (words[at + 2].text == "to"))
        for act in done:
            follows = words[act.start + 1].text if act.start + 1 < len(words) else ""
            if act.verb in _BACK and (follows == "back" or hints.has_time(words, act.start)):
                return _sign(words, act.kind, at, act.end, "says who will come back", by="agent")
    return None


def _fixed(words: Sequence[Word]) -> Sign | None:
    said = " ".join(word.text for word in words)
    for phrase in _FIXED:
        found = phrase.search(said)
        if found:
            start, end = said.count(" ", 0, found.start()), said.count(" ", 0, found.end()) + 1
            return _sign(words, "followup", start, end, "takes it on", by="agent")
    return None


def _ships(words: Sequence[Word]) -> Sign | None:
    """ "The samples ship Monday", "delivery of the part is scheduled for the 22nd"."""
    for at in range(1, min(_LATEST_VERB, len(words) - 1)):
        said = words[at].text
        is_set = said in _SET and words[at + 1].text in ("for", "on")
        leaves = said in ("ship", "ships") and words[at - 1].text in nouns.GOODS
        if not leaves and not (is_set and words[0].text in _OURS):
            continue
        known = (kinds.of_noun(word.text) for word in words[:at])
        kind = next((kind for kind in known if kind in _COMES), "")
        if kind and hints.has_day(words, at):
            return _sign(words, kind, 0, at + 1, "says when it will come", by="team")
    return None


def _more_to_follow(words: Sequence[Word]) -> Sign | None:
    """ "More to follow tomorrow"."""
    for at in range(1, len(words) - 2):
        pair = (words[at].text, words[at + 1].text)
        if pair in (("to", "follow"), ("to", "come")) and hints.has_time(words, at):
            opens = words[0].text in ("more", "details", "update", "updates", "further", "news")
            if opens:
                return _sign(words, "followup", 0, at + 2, "says that more will come", by="agent")
    return None


def _yes_we_will(words: Sequence[Word], asked: Sequence[Word]) -> Sign | None:
    """ "Yes, we will", after "will you refund me?"."""
    said = [word.text for word in words if word.text.isalpha()]
    place = said.index("will") if "will" in said else 0
    is_yes = said[:1] == ["yes"] and place and said[place - 1] in ("we", "i", "you", "it")
    if (
        not is_yes
        or "be" in said
        or len(said) > _LONGEST_YES
        or not {"will", "going"} & {w.text for w in asked}
    ):
        return None
    kind = kinds.asked_for(asked)
    if kind in ("", "followup"):
        return None
    by: Promisor = "agent" if said[place - 1] in ("we", "i") else "team"
    return _sign(words, kind, 0, len(words), "says yes to what was asked", by=by)


def _answer_to_when(words: Sequence[Word], asked: Sequence[Word]) -> Sign | None:
    """ "Within 3 days", after "when do I get my money?"."""
    said = [word.text for word in words if word.text.isalnum()]
    if not said or len(said) > _LONGEST_ANSWER or not asks_when(asked):
        return None
    is_bare = all(word in _ANSWERS or word[0].isdigit() or hints.is_time(word) for word in said)
    if not is_bare or not any(hints.is_time(word) for word in said):
        return None
    kind = kinds.asked_for(asked)
    return _sign(words, kind, 0, len(words), "answers when", by="team") if kind else None


def _sign(
    words: Sequence[Word], kind: str, start: int, end: int, says: str, *, by: Promisor
) -> Sign:
    return Sign(
        kind=kind, promisor=by, start=start, end=min(end, len(words)), says=says, is_formula=True
    )
