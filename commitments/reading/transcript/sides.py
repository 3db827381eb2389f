"""Who of the speakers is one of us. What the text does not say is a guess, and is shown as one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from . import names
from .names import Side
from .said import Transcript

_LIKE_US: Final = re.compile(
    r"\b(?:(?:how|what) (?:can|may|could) (?:i|we) (?:help|do|assist)|(?:help|assist) you|"
    r"thank(?:s| you) (?:so much )?for (?:calling|contacting|reaching|your|letting|being|the)|"
    r"(?:may|can|could) (?:i|we) (?:have|get|ask|know)|let (?:us|me) know|let me|one moment|"
    r"(?:i['\u2019]m|we['\u2019]re|i am|we are|very|so) sorry|apologi[sz]e|apologies|"
    r"(?:i|we)['\u2019](?:ll|d)|(?:i|we) (?:will|would)|we(?:['\u2019]ve|['\u2019]re)?|our|us|"
    r"(?:is there )?anything else|happy to|glad to|pleasure|welcome|certainly|assist(?:ance)?|"
    r"you(?:['\u2019]ll| will| can| may| should)|your|"
    r"please (?:send|provide|allow|let|call|contact|follow|confirm|share|check|note|visit|give))\b",
    re.IGNORECASE,
)
_LIKE_THEM: Final = re.compile(
    r"\b(?:my|mine|me|i (?:ordered|bought|paid|want|wanted|need|have|had|got|was|am|don['\u2019]t|"
    r"can['\u2019]t|tried|called|still)|i['\u2019](?:ve|m) (?!sorry|happy|glad)|where is|"
    r"i was told|you (?:guys|said|promised|people)|why|yes|yeah|nope|ok|okay|thanks)\b|!!|\?\?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Somebody in a conversation, "" for words without a name; `is_guess` asks for a look."""

    name: str
    side: Side
    is_guess: bool = False

    @property
    def key(self) -> str:
        return names.key(self.name)


def sides_of(
    transcript: Transcript,
    *,
    ours: Collection[str] = (),
    theirs: Collection[str] = (),
    chosen: Mapping[str, Side] | None = None,
) -> tuple[Speaker, ...]:
    """The speakers, each on a side. `ours` and `theirs` are names; `chosen` is by `names.key`."""
    known: dict[str, Side] = {}
    for name in transcript.speakers:
        side = (chosen or {}).get(names.key(name)) or _known(name, ours=ours, theirs=theirs)
        if side is not None:
            known[name] = side
    guessed = _guessed(transcript, known)
    return tuple(
        Speaker(name=name, side=known.get(name) or guessed[name], is_guess=name not in known)
        for name in transcript.speakers
    )


def strangers(speakers: Collection[Speaker], *, customer: str) -> tuple[str, ...]:
    """Names on the customer's side, where none of them is anything like that of `customer`."""
    theirs = [speaker.name for speaker in speakers if speaker.side == "customer"]
    named = [name for name in theirs if names.is_of_a_person(name)]
    return () if any(names.is_like(name, customer) for name in named) else tuple(named)


def _known(name: str, *, ours: Collection[str], theirs: Collection[str]) -> Side | None:
    is_ours = any(names.is_the_same(name, each) for each in ours)
    is_theirs = any(names.is_the_same(name, each) for each in theirs)
    if is_ours != is_theirs:
        return "agent" if is_ours else "customer"
    return names.side_in(name)


def _guessed(transcript: Transcript, known: Mapping[str, Side]) -> dict[str, Side]:
    """Those whom nothing names: the other side of a side that is known, else by how they speak."""
    unknown = [name for name in transcript.speakers if name not in known]
    found = set(known.values())
    if len(unknown) == len(transcript.speakers) == 1 or found == {"customer"}:
        return dict.fromkeys(unknown, "agent")
    if found:
        return dict.fromkeys(unknown, "customer")
    if transcript.is_mail and "" in unknown:  # what somebody pastes of their own has no header
        return {name: "customer" if name else "agent" for name in unknown}
    scores = _scores(transcript)
    ours = max(reversed(unknown), key=lambda name: (bool(name), scores[name]), default="")
    return {name: "agent" if name == ours else "customer" for name in unknown}


def _scores(transcript: Transcript) -> dict[str, int]:
    """How much each sounds like one of us."""
    scores = dict.fromkeys(map(names.key, transcript.speakers), 0)
    for said in transcript.said:
        liked = len(_LIKE_US.findall(said.text)) - len(_LIKE_THEM.findall(said.text))
        scores[said.key] += liked
    return {name: scores[names.key(name)] for name in transcript.speakers}
