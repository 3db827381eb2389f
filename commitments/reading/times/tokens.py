"""A text taken apart into tokens, every character accounted for.

What is no part of any phrase about time becomes `Other`, which no rule accepts. Offsets are those
of the text as given: every character is read as exactly one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple, TypeAlias

_YEARS: Final = range(1900, 2200)
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), ord("-"))
_QUOTES: Final = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4`"), ord("'"))
# Spaces that do not look like one, and marks without any width, as chats and mails bring them.
_BLANKS: Final = dict.fromkeys(
    (0xA0, 0xAD, 0x202F, 0x2060, 0xFEFF, *range(0x200B, 0x2010)), ord(" ")
)
_AS_ONE: Final = _FULL_WIDTH | _DASHES | _QUOTES | _BLANKS

_TIME: Final = r"[0-9]{2}:[0-9]{2}"
_SECONDS: Final = r":[0-9]{2}(?:\.[0-9]{1,6})?"
_EAST: Final = r"(?:z|\+[0-9]{2}:?[0-9]{2})"
_OFFSET: Final = r"(?:z|[+-][0-9]{2}:?[0-9]{2})"
_SHORT: Final = (
    "mon|tues?|weds?|thurs?|thu|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    "|approx|hrs?|mins?|wks?|max|bus|abt"
)
# What people type for a word, some of it in figures.
_SPELLINGS: Final = {
    "2day": "today",
    "2moro": "tomorrow",
    "2morrow": "tomorrow",
    "2mrw": "tomorrow",
    "b4": "before",
    "w/c": "wc",
    "w/in": "within",
}
_TYPED: Final = rf"(?:{'|'.join(sorted(_SPELLINGS, key=len, reverse=True))})(?![0-9a-z])"
# The letters of a word whose last or middle ones were swapped while typing: monady.
_SWAPPED: Final = {
    (word[0], "".join(sorted(word))): word
    for word in (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("tomorrow", "business"),
    )
}
# After a space, and without seconds, "09:30-10:00" is a span of time and no offset.
_TOKEN: Final = re.compile(
    rf"(?P<space>\s+)"
    rf"|(?P<iso>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    rf"(?:t{_TIME}(?:{_SECONDS})?{_OFFSET}?|[ ]{_TIME}{_SECONDS}{_OFFSET}?|[ ]{_TIME}{_EAST}?)?"
    rf")(?![0-9a-z:]|-[0-9])"
    rf"|(?P<day>[0-9]{{1,2}}(?P<by>[-/.])[0-9]{{1,2}}(?P=by)(?:[0-9]{{4}}|[0-9]{{2}})"
    rf"|[0-9]{{4}}(?P<with>[-/.])[0-9]{{1,2}}(?P=with)[0-9]{{1,2}}"
    rf"|[0-9]{{1,2}}/[0-9]{{1,2}})(?![0-9/]|[-.][0-9])"
    rf"|(?P<clock>[0-9]{{1,2}}(?:[:.][0-9]{{2}})?"
    rf"(?:[ ]?(?:[ap]\.[ ]?m\b\.?|[ap][ ]?m\b)|[ap](?![0-9a-z']))"
    rf"|[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?![0-9:]))"
    rf"|(?P<ordinal>[0-9]{{1,2}}[ ]?(?:st|nd|rd|th))(?![0-9a-z])"
    rf"|(?P<typed>{_TYPED})"
    rf"|(?P<number>[0-9]{{1,4}}(?:\.[0-9]{{1,2}}(?![0-9]))?(?![0-9])[\u00bc\u00bd\u00be]?"
    rf"|[\u00bc\u00bd\u00be])"
    rf"|(?P<word>(?:{_SHORT})\.|[ap]\.m\b\.?|'?[a-z]+(?:'[a-z]+)*'?)"
    rf"|(?P<mark>[-+,/&@~()])"
    rf"|(?P<other>.)",
    re.DOTALL | re.IGNORECASE | re.ASCII,
)
_PARAGRAPH: Final = re.compile(r"\n[ \t\r]*\n")
_CLOCK: Final = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::[0-9]{2})?\s?([ap]?).*", re.I)
_FRACTIONS: Final = {"\u00bc": 0.25, "\u00bd": 0.5, "\u00be": 0.75}
_OWN: Final = re.compile(r"'s?$")


@dataclass(frozen=True)
class Word:
    text: str  # lower case, without "'s" at its end or a point after a short form


@dataclass(frozen=True)
class Mark:
    text: str  # - + , / & @ ~ or a bracket


@dataclass(frozen=True)
class Number:
    value: float
    written: str


@dataclass(frozen=True)
class Ordinal:
    number: int


@dataclass(frozen=True)
class Clock:
    """A time of day as written. `half` is a, p or empty; 24-hour clocks have none."""

    hour: int
    minute: int
    half: str
    padded: bool = False  # 04:30 leaves no doubt about its half of the day


@dataclass(frozen=True)
class Slashed:
    """26/5 or 26.5.2026: two numbers in the order they stand, and a year or 0.

    Where the year comes first, the month does before the day.
    """

    first: int
    second: int
    year: int
    month_first: bool = False


@dataclass(frozen=True)
class OnDate:
    on: date


@dataclass(frozen=True)
class Instant:
    at: datetime  # naive where no offset was written


@dataclass(frozen=True)
class Other:
    text: str


What: TypeAlias = Word | Mark | Number | Ordinal | Clock | Slashed | OnDate | Instant | Other


class Token(NamedTuple):
    """What stands at text[start:end]. `joined` where nothing lies between it and the one before.

    `word` is the text of a word, "" of anything else; `is_owner` where it was written with "'s".
    """

    what: What
    start: int
    end: int
    joined: bool
    word: str = ""
    is_owner: bool = False


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a text, in order; only white space lies between them."""
    read = text.translate(_AS_ONE)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(read):
        start, end = match.span()
        if match.lastgroup != "space":
            joined = bool(tokens) and tokens[-1].end == start
            what = _what(match)
            word = what.text if isinstance(what, Word) else ""
            is_owner = bool(word) and read[end - 2 : end].lower() in ("'s", "s'")
            tokens.append(Token(what, start, end, joined, word, is_owner))
        elif _PARAGRAPH.search(match.group()):
            tokens.append(Token(Other("\n"), start, end, joined=False))
    return tuple(tokens)


def _what(match: re.Match[str]) -> What:
    written = match.group().lower()
    match match.lastgroup:
        case "word" | "typed":
            return Word(_plain(written))
        case "mark":
            return Mark(written)
        case "number":
            return _number(written)
        case "ordinal":
            return Ordinal(int(written[:-2]))
    readers = {"clock": _clock, "day": _slashed, "iso": _iso}
    reader = readers.get(match.lastgroup or "")
    return (reader(written) if reader else None) or Other(written)


def _plain(written: str) -> str:
    """A word without what only its spelling adds, and with its letters in order."""
    if written in _SPELLINGS:
        return _SPELLINGS[written]
    plain = _OWN.sub("", written.replace(".", "").lstrip("'")) or written
    return _SWAPPED.get((plain[0], "".join(sorted(plain))), plain)


def _number(written: str) -> Number:
    part = _FRACTIONS.get(written[-1], 0.0)
    whole = written[:-1] if part else written
    return Number(float(whole or 0) + part, written)


def _clock(written: str) -> Clock | None:
    match = _CLOCK.fullmatch(written)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3].lower()
    if minute > 59 or hour > (12 if half else 23) or (half and not hour):
        return None
    return Clock(hour, minute, half, padded=match[1].startswith("0"))


def _slashed(written: str) -> Slashed | None:
    first, second, *year = (int(part) for part in re.split(r"[-/.]", written))
    if first > 31 and year:
        return Slashed(second, year[0], first, month_first=True)
    full = year[0] if year else 0
    return Slashed(first, second, full + 2000 if 0 < full < 100 else full)


def _iso(written: str) -> OnDate | Instant | None:
    try:
        at = datetime.fromisoformat(written.upper())
    except ValueError:
        return None
    if at.year not in _YEARS:
        return None
    return Instant(at) if ":" in written else OnDate(at.date())
