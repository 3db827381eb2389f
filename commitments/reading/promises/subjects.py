"""Who is said to do it: the subject that stands before a future form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from . import nouns, verbs
from .wordlist import wordlist
from .words import Word


class Who(Enum):
    AGENT = "I or we"
    YOU = "you"
    THEY = "he, she or they"
    IT = "it, this or that"
    TEAM = "somebody of the company"
    THING = "what is promised"
    NAMED = "somebody by name"
    OTHER = "anybody else"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """`start` and `end` count words; `head` is its noun.

    It is left out in "Will do", and shared in "we know and will call".
    """

    who: Who
    start: int
    end: int
    head: str = ""
    is_left_out: bool = False
    is_shared: bool = False


_PRONOUNS: Final = {
    "i": Who.AGENT, "we": Who.AGENT, "you": Who.YOU, "he": Who.THEY, "she": Who.THEY,
    "they": Who.THEY, "it": Who.IT, "this": Who.IT, "that": Who.IT, "these": Who.IT,
    "those": Who.IT, "everything": Who.IT, "yall": Who.YOU, "ya": Who.YOU,
}  # fmt: skip
_PEOPLE: Final = wordlist("i we he she they")
_JOINS: Final = wordlist("and or but then so , - +")
_RELATIVE: Final = frozenset({"who", "which"})
_QUESTION: Final = wordlist("what where when why how whom whose there here if")
_BEFORE_NOUN: Final = wordlist(
    """
    ; : ( . ? , - and but or so that because if when as since while once know sure assured think
    believe expect after before until unless please thanks thank sorry hi hello hey yes ok okay said
    says told tells thinks thought believes heard hears hoped hopes claimed
    """
)
_LONGEST_NOUN: Final = 12
_LOOK_BACK: Final = 30
_OF: Final = wordlist("of from in at for on with to about within over")
_ONE_OF: Final = wordlist(
    """
    one member members someone somebody some each all any part none both representative
    """
)
_NONE: Final = wordlist("no none nobody nothing neither not")
_FINITE: Final = wordlist(
    """
    am are is was were have has had do does did can could may might must will would should not
    """
)


def before(words: Sequence[Word], at: int) -> Subject:
    """The subject of the verb at `at`; AGENT where it is left out at the start of a sentence."""
    place = _back_past_adverbs(words, at - 1)
    if place < 0 or words[place].text in "(:;.":
        return Subject(who=Who.AGENT, start=place + 1, end=at, is_left_out=True)
    word = words[place].text
    if word in _PRONOUNS:
        return Subject(who=_PRONOUNS[word], start=place, end=at, head=word)
    if word in _RELATIVE:
        is_aside = place > 0 and words[place - 1].text == ","
        return _noun(words, place - 1 if is_aside else place, end=at)
    if word in _JOINS:
        return _shared(words, place, end=at)
    if word in _QUESTION:
        return Subject(who=Who.OTHER, start=place, end=at)
    return _noun(words, place + 1, end=at)


def _back_past_adverbs(words: Sequence[Word], place: int) -> int:
    while place >= 0 and (
        (verbs.is_adverb(words[place].text) and words[place].text != "all")
        or words[place].text in ("myself", "ourselves", "themselves")
    ):
        place -= 1
    return place


def _shared(words: Sequence[Word], place: int, *, end: int) -> Subject:
    """The subject of the part before "and": "We have noted it and will ring you"."""
    first = max(0, place - _LOOK_BACK)
    for back in range(place - 1, first - 1, -1):
        if words[back].text in (";", ".", "?"):
            first = back + 1
            break
    pronouns = [back for back in range(place - 1, first - 1, -1) if _is_subject(words, back)]
    people = [back for back in pronouns if words[back].text in _PEOPLE]
    for back in people or pronouns:
        said = words[back].text
        return Subject(who=_PRONOUNS[said], start=back, end=end, head=said, is_shared=True)
    return _noun_in(words, first, place, end=end)


def _is_subject(words: Sequence[Word], at: int) -> bool:
    """Whether a pronoun does something here, rather than having it done to it."""
    word = words[at].text
    if word in _PEOPLE:
        return True
    return word in _PRONOUNS and at + 1 < len(words) and words[at + 1].text in _FINITE


def _noun_in(words: Sequence[Word], start: int, stop: int, *, end: int) -> Subject:
    """The first noun of a part that is somebody or something we know; else nobody was named."""
    for place in range(start, stop):
        word = words[place].text
        if word in nouns.TEAM and word not in ("it", "group"):
            return Subject(who=Who.TEAM, start=start, end=end, head=word, is_shared=True)
        if word in nouns.PROMISED and word not in nouns.TEAM:
            return Subject(who=Who.THING, start=start, end=end, head=word, is_shared=True)
        if word in _FINITE:
            break
    return Subject(who=Who.AGENT, start=stop, end=end, is_left_out=True)


def _noun(words: Sequence[Word], stop: int, *, end: int) -> Subject:
    start = stop
    while start > 0 and stop - start < _LONGEST_NOUN:
        if words[start - 1].text in _BEFORE_NOUN or words[start - 1].text in _PRONOUNS:
            break
        start -= 1
    phrase = words[start:stop]
    who, head = _meant(phrase)
    return Subject(who=who, start=start, end=end, head=head)


def _meant(phrase: Sequence[Word]) -> tuple[Who, str]:
    said = [word.text for word in phrase]
    if not said or said[0] in _NONE:
        return Who.OTHER, ""
    head = "replacement" if said[-2:] in (["new", "one"], ["new", "1"]) else _head(said)
    is_ours = bool(nouns.TEAM.intersection(said))
    if head in nouns.TEAM or head in nouns.VISITOR or (is_ours and head in _ONE_OF):
        return Who.TEAM, head
    if head in _ONE_OF or (nouns.THIRD_PEOPLE.intersection(said) and not is_ours):
        return Who.OTHER, head
    if head in nouns.PROMISED:
        return Who.THING, head
    if is_ours:
        return Who.TEAM, head
    return (Who.NAMED if phrase[-1].is_name else Who.OTHER), head


def _head(said: Sequence[str]) -> str:
    """The noun before its "of ours", "from the depot", "in Lyon"."""
    for place, word in enumerate(said):
        if place and word in _OF:
            return said[place - 1]
    return said[-1]
