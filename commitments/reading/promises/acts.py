"""What somebody says will be done: the verb behind a future form, and the kind it makes.

"Will be sure to go ahead and get that sent over" does what "send" does: what helps the verb is
passed over first, then the frames of the verb are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from . import frames, nouns, verbs
from .verbs import Frame, Slot
from .wordlist import phrases, wordlist
from .words import Word

_REACH: Final = 9
_CLAUSE_REACH: Final = 24
_ENDS: Final = wordlist(
    """
    ; : ( . ? , - and but so if when once because unless until while although though
    """
)
_CAUSES: Final = frozenset({"get", "have", "see", "want", "make"})
_OPENS_CLAUSE: Final = phrases(
    "make sure; make certain; ensure; see to it; see that; guarantee; arrange for; organise for;"
    "organize for"
)
# Each is followed by the verb that counts, or by its continuous form: "keep looking".
_BEFORE_VERB: Final = phrases(
    "go ahead and; go ahead to; go and; try to; try and; attempt to; aim to; endeavour to; seek to;"
    "endeavor to; be sure to; be sure and; be certain to; be able to; make sure to; make sure i;"
    "make sure we; look to; look at; continue to; continue; start to; start; begin to; begin; be;"
    "proceed to; proceed with; proceed and; arrange to; take time to; plan to; work on; keep;"
    "keep on; looking to; get to work on; finish; not forget to; not fail to; not hesitate to;"
    "need to be;"
    "have to be; help; help you; help to; help with; help you with; assist with; assist you with;"
    "turn around and; do is"
)
_HELPERS: Final = {
    first: sorted((helper for helper in _BEFORE_VERB if helper[0] == first), key=len, reverse=True)
    for first in {helper[0] for helper in _BEFORE_VERB}
}
_POLITE: Final = wordlist("happy glad pleased delighted thrilled willing ready")
_AID: Final = wordlist("help assist support guide walk show explain clarify work")
_DO: Final = wordlist("that this it so some research digging checks checking . today now")


@dataclass(frozen=True, kw_only=True)
class Act:
    """`kind` is "" for a verb that promises nothing; `is_sure` where it needs nothing beside it.

    `thing` is what it is done to where that stands before the verb: "have a new bag sent".
    """

    kind: str
    verb: str
    start: int
    end: int
    is_sure: bool
    is_polite: bool = False
    is_aid: bool = False
    thing: str = ""


_DEFINITE: Final = wordlist("the this that these those it them a an")
_NO_DEED: Final = wordlist(
    """
    need require want like love know miss forget remember enjoy wish believe trust respect admit
    skip watch celebrate catch ride reach join
    understand appreciate welcome await see hate leave mean cost lose exceed meet eat drink marry
    notice recall regret bet assume accept value respect use ask not
    """
)
_SHORTEST: Final = 3
_UNSURE: Final = frozenset({"other", ""})


def read(words: Sequence[Word], at: int) -> Act | None:
    """The act whose first verb is looked for from the word `at`; None where there is none."""
    place, is_polite = _to_the_verb(words, at)
    if place >= len(words):
        return None
    found = _of_clause(words, place) or _of_doing(words, place) or _of_verb(words, place)
    if found is None or not is_polite:
        return found
    return replace(found, is_polite=True)


def all_of(words: Sequence[Word], at: int) -> list[Act]:
    """The act at `at` and those joined to it: "review it and get back to you"."""
    first = read(words, at)
    acts = [first] if first else []
    begins = first.start if first else at
    for place in range(begins + 1, min(len(words), begins + _CLAUSE_REACH)):
        word = words[place].text
        if word in (";", "?", "if") or (word == "," and not acts):
            break
        if word in ("and", "then", "or", ",") and (not acts or place >= acts[-1].end):
            following = _joined(words, place + 1)
            if following:
                acts.append(following)
    return acts


def passive(words: Sequence[Word], at: int) -> Act | None:
    """What is done to a thing: "be refunded", "get sent over"."""
    place = _past_adverbs(words, at)
    if place >= len(words) or words[place].text not in ("be", "get", "have"):
        return None
    place = _past_adverbs(words, place + 1)
    if place < len(words) and words[place].text in ("been", "being"):
        place = _past_adverbs(words, place + 1)
    if place >= len(words) or words[place].text not in verbs.PAST:
        return None
    return _framed(words, place, verbs.PAST[words[place].text], is_done=True)


def _joined(words: Sequence[Word], at: int) -> Act | None:
    place = _past_adverbs(words, at)
    if place < len(words) and words[place].text in ("will", "shall", "to"):
        place = _past_adverbs(words, place + 1)
    if place >= len(words) or words[place].text not in verbs.BARE:
        return None
    return read(words, place)


def _past_adverbs(words: Sequence[Word], at: int) -> int:
    while at < len(words) and verbs.is_adverb(words[at].text):
        at += 1
    return at


def _past_aside(words: Sequence[Word], at: int) -> int:
    """Beyond ", of course,"."""
    if _says(words, at, ("of", "course")):
        return _past_adverbs(words, at + 2)
    if at >= len(words) or words[at].text != ",":
        return at
    for place in range(at + 2, min(at + 5, len(words))):
        if words[place].text == ",":
            return _past_adverbs(words, place + 1)
    return at


def _to_the_verb(words: Sequence[Word], at: int) -> tuple[int, bool]:
    """Past adverbs and helping verbs, as long as a verb follows; whether it was put politely."""
    is_polite = False
    place = _past_aside(words, _past_adverbs(words, at))
    while True:
        polite = _past_politeness(words, place)
        is_polite = is_polite or polite is not None
        beyond = polite or _past_helper(words, place)
        if beyond is None:
            return place, is_polite
        place = beyond


def _past_politeness(words: Sequence[Word], at: int) -> int | None:
    """Beyond "be (more than) happy to"."""
    for ahead in range(at + 1, min(at + 5, len(words) - 1)):
        if words[ahead].text in _POLITE and words[ahead + 1].text in ("to", "and"):
            return _past_adverbs(words, ahead + 2) if words[at].text == "be" else None
    return None


def _past_helper(words: Sequence[Word], at: int) -> int | None:
    for helper in _HELPERS.get(words[at].text, ()) if at < len(words) else ():
        if _says(words, at, helper):
            beyond = _past_adverbs(words, at + len(helper))
            if beyond < len(words) and _is_verb_after(helper, words[beyond].text):
                return beyond
    return None


def _is_verb_after(helper: tuple[str, ...], word: str) -> bool:
    if helper[-1] in ("to", "and", "i", "we", "is"):
        return word in verbs.BARE
    if helper in (("help",), ("help", "you")):
        return word in verbs.BARE and word not in ("out", "have")
    return word in verbs.CONTINUOUS


def _says(words: Sequence[Word], at: int, phrase: tuple[str, ...]) -> bool:
    return len(words) >= at + len(phrase) and all(
        words[at + step].text == said for step, said in enumerate(phrase)
    )


def _of_clause(words: Sequence[Word], at: int) -> Act | None:
    """ "Make sure your thanks are sent", "have it delivered": the act lies in what follows."""
    opening = next((phrase for phrase in _OPENS_CLAUSE if _says(words, at, phrase)), None)
    begins = at + len(opening) if opening else at + 1
    if opening is None and words[at].text not in _CAUSES:
        return None
    for place in range(begins, min(len(words), begins + _REACH)):
        word = words[place].text
        if word in _ENDS:
            break
        if word in verbs.PAST and word not in verbs.BARE:
            done = _framed(words, place, verbs.PAST[word])
            if done and done.kind not in _UNSURE:
                return replace(done, thing=_last_noun(words, begins, place))
    return None


def _last_noun(words: Sequence[Word], start: int, stop: int) -> str:
    return next(
        (word.text for word in reversed(words[start:stop]) if word.text in nouns.PROMISED), ""
    )


def _of_doing(words: Sequence[Word], at: int) -> Act | None:
    if words[at].text != "do" or at + 1 >= len(words):
        return None
    if words[at + 1].text not in _DO:
        return None
    return Act(kind="followup", verb="do", start=at, end=at + 2, is_sure=True)


def _of_verb(words: Sequence[Word], at: int) -> Act | None:
    word = words[at].text
    return _framed(words, at, verbs.CONTINUOUS.get(word, word))


def _framed(words: Sequence[Word], at: int, verb: str, *, is_done: bool = False) -> Act | None:
    """The verb with the frame of most slots that fits; "applied to your bill" is no applying."""
    for frame in verbs.FRAMES.get(verb, ()):
        end = _end_of(words, at + 1, frame)
        is_idiom = is_done and frame.kind == frames.NOTHING and frame.slots
        if end is not None and not is_idiom:
            return Act(
                kind=frame.kind,
                verb=verb,
                start=at,
                end=end,
                is_sure=frame.kind not in _UNSURE or (frame.kind != "" and bool(frame.slots)),
                is_aid=verb in _AID,
            )
    return None


def _end_of(words: Sequence[Word], at: int, frame: Frame) -> int | None:
    place = at
    for slot in frame.slots:
        found = _slot_at(words, place, slot)
        if found is None:
            return None
        place = found + 1
    return place


def _slot_at(words: Sequence[Word], at: int, slot: Slot) -> int | None:
    if slot.within == 1 and not (at < len(words) and words[at].text in slot.words):
        at = _past_adverbs(words, at)
    for place in range(at, min(at + slot.within, len(words))):
        word = words[place]
        if word.text in slot.words or (slot.may_be_name and word.is_name):
            return place
        if word.text in _ENDS:
            return None
    return None


def unknown(words: Sequence[Word], at: int, *, has_time: bool) -> Act | None:
    """ "I'll resole your boots": a verb nobody listed, done to what is yours, or for you."""
    place, _ = _to_the_verb(words, at)
    if place + 1 >= len(words):
        return None
    verb, follows = words[place].text, words[place + 1].text
    if verb in verbs.FRAMES or verb in _NO_DEED or not verb.isalpha() or len(verb) < _SHORTEST:
        return None
    said = [word.text for word in words[place + 2 : place + _REACH]]
    is_for_you = ("for", "you") in pairwise(said) or (has_time and follows not in ("a", "an"))
    if follows != "your" and not (follows in _DEFINITE and is_for_you):
        return None
    return Act(kind="other", verb=verb, start=place, end=place + 2, is_sure=True)


def is_nothing(act: Act) -> bool:
    return act.kind == frames.NOTHING
