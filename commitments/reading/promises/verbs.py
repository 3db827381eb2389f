"""The verbs of promises and their forms, compiled once from the table of frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from . import frames
from .nouns import CATEGORIES
from .wordlist import wordlist

_VOWELS: Final = frozenset("aeiou")
_IRREGULAR: Final = {
    "sent": "send", "resent": "resend", "paid": "pay", "repaid": "repay", "given": "give",
    "got": "get", "gotten": "get", "brought": "bring", "taken": "take", "made": "make",
    "put": "put", "set": "set", "found": "find", "kept": "keep", "told": "tell", "let": "let",
    "done": "do", "written": "write", "left": "leave", "held": "hold", "rung": "ring",
    "spoken": "speak", "fed": "feed", "dealt": "deal", "withdrawn": "withdraw", "begun": "begin",
    "met": "meet", "bought": "buy", "built": "build", "seen": "see", "gone": "go", "had": "have",
    "come": "come", "read": "read", "rewritten": "rewrite", "sought": "seek", "shown": "show",
    "redone": "redo", "drawn": "draw", "driven": "drive",
}  # fmt: skip
_DOUBLES: Final = wordlist(
    """
    ship drop get set put stop swap chat transfer refer cancel scan plan pop run shop log submit
    wrap expel commit plug unplug hop flag format nod ping trim step let prod dig sit cut edit
    """
) - {"ping", "edit", "expel"}
_ADVERBS: Final = wordlist(
    """
    also then just now still soon asap gladly happily proudly again ever both always never
    likely today tomorrow tonight first next once too either all certainly sure indeed instead
    further hereby already therefore simply really very best right well fast straight away often
    sometime anyway meanwhile afterwards later maybe perhaps probably hopefully usually
    """
)
_WITHIN: Final = {"=": 1, "~": 4}
_REACH: Final = 9
_NOT_ADVERBS: Final = wordlist(
    """
    reply apply supply rely comply fly family only early daily sally kelly molly emily polly
    billy carly lily holly beverly kimberly italy july assembly
    """
)


@dataclass(frozen=True, slots=True)
class Slot:
    """Words of which one has to come, at most `within` words on."""

    words: frozenset[str]
    within: int
    may_be_name: bool


@dataclass(frozen=True, slots=True)
class Frame:
    kind: str
    slots: tuple[Slot, ...]


def is_adverb(word: str) -> bool:
    """Whether a verb is looked for beyond this word."""
    return word in _ADVERBS or (word.endswith("ly") and word not in _NOT_ADVERBS)


def _written() -> Iterator[tuple[str, list[str], list[str]]]:
    """Every frame of the table: its kind, its verbs and its slots."""
    for kind, lines in frames.TABLE.items():
        for written in lines.replace("\n", ";").split(";"):
            if written.strip():
                heads, *slots = written.split()
                yield kind, heads.split("|"), slots


def _frames() -> dict[str, list[Frame]]:
    heads = frozenset(verb for _, verbs, _ in _written() for verb in verbs)
    by_verb: dict[str, list[Frame]] = {}
    for kind, verbs, slots in _written():
        frame = Frame(kind, tuple(_slot(slot, heads) for slot in slots))
        for verb in verbs:
            by_verb.setdefault(verb, []).append(frame)
    for known in by_verb.values():
        known.sort(key=lambda frame: -len(frame.slots))
    return by_verb


def _slot(written: str, heads: frozenset[str]) -> Slot:
    within = _WITHIN.get(written[0], _REACH)
    names = written.lstrip("=~").split("|")
    plain = {name for name in names if not name.startswith("<")}
    known = {**CATEGORIES, "verb": heads, "name": frozenset[str]()}
    kinds = [name.strip("<>") for name in names if name.startswith("<")]
    nouns = frozenset[str]().union(*(known[kind] for kind in kinds))
    return Slot(nouns | plain, within=within, may_be_name="<name>" in names)


def _continuous(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + "ing"
    return (verb + verb[-1] if verb in _DOUBLES else verb) + "ing"


def _past(verb: str) -> Iterator[str]:
    if verb.endswith("e"):
        yield verb + "d"
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        yield verb[:-1] + "ied"
    else:
        yield verb + "ed"
        if verb in _DOUBLES or verb.endswith("l"):
            yield verb + verb[-1] + "ed"


FRAMES: Final = _frames()
CONTINUOUS: Final = {_continuous(verb): verb for verb in FRAMES} | {"cancelling": "cancel"}
PAST: Final = {past: verb for verb in FRAMES for past in _past(verb)} | _IRREGULAR
BARE: Final = frozenset(FRAMES) | {"be", "do", "go", "try", "make", "take", "get", "have", "aim"}
JOINED: Final = frozenset(word for word in (*FRAMES, *CONTINUOUS, *PAST) if "-" in word)
