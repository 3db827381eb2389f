"""A turn divided into sentences, which are what a suggestion quotes.

A sentence ends with a full stop, a question or exclamation mark, at an empty line, before a line
that begins a list item, or where it grows longer than anybody speaks. "Mr.", "approx." and the
like end nothing. What follows a sentence without being one (a signature, a link, a face) belongs
to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .wordlist import wordlist

Span = tuple[int, int]

_LONGEST: Final = 1_000
_BREAK: Final = re.compile(
    r"(?P<end>[.!?\u2026]+)[\"')\]\u201d\u2019]*(?=\s|$)"
    r"|\n[^\S\n]*\n|\n(?=[^\S\n]*(?:[-*\u2022\u2013]|\d{1,2}[.)])\s)"
    r"|\s[\u2013\u2014]\s(?=[A-Z])"
)
_TITLES: Final = frozenset({"mr", "mrs", "ms", "dr", "st"})
_SHORT: Final = _TITLES | wordlist(
    """
    no vs etc e.g i.e inc ltd co approx dept ref tel ext min mins hr hrs am pm a.m p.m u.s u.k
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    """
)
_LONGEST_SHORT: Final = 8
_LEFTOVER: Final = re.compile(r"(?:(?:https?://\S+|[\^*/~-]\s?\w+|\d/\d|[^\w\s]+)(?:\s+|$))+")


def sentences(text: str) -> list[Span]:
    """Where each sentence of a text begins and ends, without the space around it."""
    spans: list[Span] = []
    for start, end in _pieces(text):
        is_short = bool(spans) and end - spans[-1][0] < _LONGEST
        if is_short and _LEFTOVER.fullmatch(text, start, end):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _pieces(text: str) -> Iterator[Span]:
    start = 0
    for found in _BREAK.finditer(text):
        if found["end"] and _is_abbreviation(text, found.start(), found.end()):
            continue
        yield from _within_reason(text, start, found.end())
        start = found.end()
    yield from _within_reason(text, start, len(text))


def _within_reason(text: str, start: int, end: int) -> Iterator[Span]:
    """The piece, stripped; cut between words where it is longer than a sentence can be."""
    while end - start > _LONGEST:
        space = text.rfind(" ", start + 1, start + _LONGEST)
        cut = space if space > start else start + _LONGEST
        yield from _stripped(text, start, cut)
        start = cut
    yield from _stripped(text, start, end)


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    body = piece.strip()
    if body:
        begins = start + piece.index(body[0])
        yield begins, begins + len(body)


def _is_abbreviation(text: str, dot: int, after: int) -> bool:
    """Whether the dot belongs to the word before it rather than to the sentence."""
    if text[dot:after] != ".":
        return False
    before = text[max(0, dot - _LONGEST_SHORT) : dot].split()
    word = before[-1].lstrip("(\"'").lower() if before else ""
    follows = text[after : after + 2].strip()[:1]
    if len(word) == 1 and word.isalpha():
        return follows.isupper() and word != "i"
    return word in _TITLES or (word in _SHORT and (follows.islower() or follows.isdigit()))
