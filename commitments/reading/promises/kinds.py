"""Which kind of promise it is, from what is done and to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from . import nouns, verbs
from .acts import Act
from .wordlist import wordlist
from .words import Word

# What weighs more names the promise: "I'll check and refund you" is a refund.
_WEIGHT: Final = {"": 0, "other": 1, "followup": 2}
_HEAVY: Final = 3
_BY_NOUN: Final = (
    ("refund", nouns.REFUND),
    ("callback", nouns.CALL),
    ("visit", nouns.VISITOR | nouns.VISIT),
    ("credit", nouns.CREDIT),
    ("refund", nouns.CASH),
    ("followup", nouns.MESSAGE),
    ("replacement", nouns.GOODS),
)
_CONSULTS: Final = wordlist(
    "check speak talk consult ask chase discuss contact work liaise confirm"
)
_RETURNS: Final = wordlist("get come let revert circle report update reply respond")
_SENT: Final = frozenset({"ordered", "reordered", "posted", "mailed"})
_NAMES_IT: Final = frozenset({"refund", "credit", "callback", "visit"})
_TARGET: Final = wordlist("to on onto into")
_THINGS: Final = frozenset({"refund", "credit", "replacement"})
_NOUN_REACH: Final = 9
_NOT_BEYOND: Final = wordlist(
    """
    ; : ( ? . and but if when once because unless until with from for at before after
    """
)
_HANDING: Final = wordlist("process issue send return pay deposit release complete post")
_PASSING: Final = wordlist("pass forward share relay feed escalate hand refer")
_MENDING: Final = wordlist("resolve sort fix repair handle address")


def main(done: Sequence[Act]) -> Act | None:
    """The act that names the promise: the first of those that weigh most."""
    named = [of_thing(act.thing, act) if act.thing else act for act in done]
    if named and named[0].verb in _CONSULTS and named[-1].verb in _RETURNS:
        return named[-1]  # "I'll check with her and come back to you"
    return max(named, key=lambda act: _WEIGHT.get(act.kind, _HEAVY), default=None)


def of_unknown(words: Sequence[Word], act: Act) -> Act:
    """The kind of what an unlisted verb is done to: a booking is changed, praise passed on."""
    for word in words[act.start + 1 : act.start + 5]:
        if word.text in nouns.FEEDBACK:
            return replace(act, kind="escalation")
        if word.text in nouns.CASE:
            return replace(act, kind="change")
        if of_noun(word.text) in _NAMES_IT:
            return replace(act, kind=of_noun(word.text))
    return act


def of_noun(noun: str) -> str:
    return next((kind for kind, words in _BY_NOUN if noun in words), "")


def of_nouns(
    words: Sequence[Word], at: int, *, reach: int = _NOUN_REACH, past: Sequence[str] = ()
) -> str:
    """The kind of what is received: of the last noun we know, but a refund is always one."""
    known = []
    for word in words[at : at + reach]:
        if word.text in _NOT_BEYOND and word.text not in past:
            break
        known.append(of_noun(word.text))
    known = [kind for kind in known if kind]
    if "refund" in known:
        return "refund"
    return known[-1] if known else ""


def named_last(words: Sequence[Word]) -> str:
    """The kind of the last thing that was named, or of what was last done: "refunded"."""
    for place in range(len(words) - 1, -1, -1):
        kind = of_noun(words[place].text) or _done(words[place].text)
        before = {word.text for word in words[max(0, place - 2) : place]}
        if kind and not before & _TARGET:
            return kind
    return ""


def _done(word: str) -> str:
    if word in _SENT:
        return "replacement"
    kind = _of_verb(verbs.PAST.get(word, ""))
    return kind if kind in _THINGS else ""


def _of_verb(verb: str) -> str:
    """The kind of a verb that needs nothing beside it."""
    known = verbs.FRAMES.get(verb)
    return known[-1].kind if known and not known[-1].slots else ""


def asked_for(asked: Sequence[Word]) -> str:
    """The kind of what a customer asks about: "when will it be refunded?"."""
    for word in asked:
        kind = of_noun(word.text) or _of_verb(verbs.PAST.get(word.text, word.text))
        if kind not in _WEIGHT:
            return kind
    return "followup" if any(of_noun(word.text) for word in asked) else ""


def of_thing(noun: str, done: Act) -> Act:
    """What is done to a thing: "the refund will be sent", "it will be sorted" (a repair)."""
    kind = of_noun(noun)
    is_passed_on = done.verb in _PASSING or noun not in nouns.MESSAGE
    if noun in nouns.FEEDBACK and done.kind in ("followup", "escalation"):
        passes = is_passed_on and done.verb not in _MENDING
        return replace(done, kind="escalation" if passes else "followup")
    if done.verb in _MENDING and done.verb != "handle":
        is_fault = noun in nouns.FAULT or noun in ("it", "this", "that", "")
        return replace(done, kind="repair") if is_fault else done
    is_named = done.kind in ("followup", "other", "change", "escalation") or done.verb == "send"
    if done.kind == "escalation" and noun in nouns.VISITOR:
        return done
    if done.kind == "change" and kind == "followup" and done.verb not in _HANDING:
        return done
    if kind and (is_named or kind == "refund"):
        return replace(done, kind=kind)
    return done
