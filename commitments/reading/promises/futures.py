"""Where a sentence speaks of what will be done: the future forms, each with its subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from . import subjects, verbs
from .subjects import Subject
from .wordlist import wordlist
from .words import Word


@dataclass(frozen=True, kw_only=True)
class Future:
    """`at` is the place of the form, `verb_at` that of the first word behind it.

    `form` is how it was said: "will", "should", "would", "going to", "plan to", "due to" or
    "is doing". `it` is the kind of what was named last before: a refund, a parcel.
    """

    subject: Subject
    at: int
    verb_at: int
    form: str
    is_denied: bool = False
    is_asked: bool = False
    it: str = ""


_MODALS: Final = {"will": "will", "shall": "will", "should": "should", "would": "would"}
_BE: Final = wordlist("am are is be")
_TO_FORMS: Final = {
    "going": "going to", "about": "going to", "scheduled": "due to", "due": "due to",
    "set": "due to", "planned": "due to", "expected": "due to", "planning": "plan to",
    "aiming": "plan to", "looking": "plan to", "bound": "due to", "committed": "plan to",
}  # fmt: skip
_PLANS: Final = wordlist(
    """
    plan plans expect expects intend intends promise promises aim aims commit undertake
    guarantee pledge endeavour endeavor vow decided
    """
)
_DENIALS: Final = frozenset({"not", "never", "no", "neither", "nor", "hardly"})
_ASKED: Final = wordlist("i we you he she they it this that my our your the someone")


def futures(words: Sequence[Word]) -> Iterator[Future]:
    """Every future form of a sentence, from left to right."""
    for at, word in enumerate(words):
        found = None
        if word.text in _MODALS:
            found = _modal(words, at)
        elif word.text in _TO_FORMS:
            found = _be_going_to(words, at)
        elif word.text in _PLANS:
            found = _plan(words, at)
        elif word.text in verbs.CONTINUOUS:
            found = _is_doing(words, at)
        if found:
            yield found


def _modal(words: Sequence[Word], at: int) -> Future:
    subject = subjects.before(words, at)
    follows = words[at + 1].text if at + 1 < len(words) else ""
    opens = subject.is_left_out or subject.who is subjects.Who.OTHER
    return Future(
        subject=subject,
        at=at,
        verb_at=at + 1,
        form=_MODALS[words[at].text],
        is_denied=_is_denied(words, at + 1),
        is_asked=opens and follows in _ASKED,
    )


def _be_going_to(words: Sequence[Word], at: int) -> Future | None:
    if at + 1 >= len(words) or words[at + 1].text != "to":
        return None
    be = at - 1
    while be >= 0 and (verbs.is_adverb(words[be].text) or words[be].text == "not"):
        be -= 1
    has_be = be >= 0 and words[be].text in _BE
    is_bare = words[at].text == "going" and (at == 0 or words[at - 1].text in ("i", "we", "you"))
    if not has_be and not is_bare:
        return None
    subject = subjects.before(words, be if has_be else at)
    return Future(
        subject=subject,
        at=at,
        verb_at=at + 2,
        form=_TO_FORMS[words[at].text],
        is_denied=any(words[place].text == "not" for place in range(max(0, be), at)),
        is_asked=has_be and subject.is_left_out and words[be + 1].text in _ASKED,
    )


def _plan(words: Sequence[Word], at: int) -> Future | None:
    if at + 1 >= len(words) or words[at + 1].text != "to":
        return None
    subject = subjects.before(words, at)
    if subject.is_left_out or words[at - 1].text in ("to", "not"):
        return None
    has_have = words[at - 1].text in ("have", "has")
    if words[at].text == "decided" and not (has_have and subject.who is subjects.Who.AGENT):
        return None
    return Future(subject=subject, at=at, verb_at=at + 2, form="plan to")


def _is_doing(words: Sequence[Word], at: int) -> Future | None:
    be = at - 1
    while be >= 0 and verbs.is_adverb(words[be].text):
        be -= 1
    if at == 0 or (be < 0 and at == 1):
        return _doing_left_out(at)
    if be < 0 or words[be].text not in _BE or words[be].text == "be":
        return None
    subject = subjects.before(words, be)
    return Future(subject=subject, at=be, verb_at=at, form="is doing")


def _doing_left_out(at: int) -> Future:
    """ "Sending it out to you today"."""
    subject = Subject(who=subjects.Who.AGENT, start=at, end=at, is_left_out=True)
    return Future(subject=subject, at=at, verb_at=at, form="is doing")


def _is_denied(words: Sequence[Word], at: int) -> bool:
    for word in words[at : at + 3]:
        if word.text in _DENIALS:
            return not _is_promise_all_the_same(words, at)
        if not verbs.is_adverb(word.text):
            return False
    return False


def _is_promise_all_the_same(words: Sequence[Word], at: int) -> bool:
    """ "Will not hesitate to", "won't forget to"."""
    return any(word.text in ("hesitate", "forget", "fail") for word in words[at : at + 3])
