"""A phrase about time, taken apart into tokens, every character accounted for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, TypeAlias

_LONGEST: Final = 200
_YEARS: Final = range(1900, 2200)
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))

_TIME: Final = r"[0-9]{2}:[0-9]{2}"
_SECONDS: Final = r":[0-9]{2}(?:\.[0-9]{1,6})?"
_EAST: Final = r"(?:z|\+[0-9]{2}:?[0-9]{2})"
_OFFSET: Final = r"(?:z|[+-][0-9]{2}:?[0-9]{2})"
# After a space, and without seconds, "09:30-10:00" is a span of time and no offset.
_TOKEN: Final = re.compile(
    rf"(?P<space>[ \t]+)"
    rf"|(?P<iso>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    rf"(?:t{_TIME}(?:{_SECONDS})?{_OFFSET}?|[ ]{_TIME}{_SECONDS}{_OFFSET}?|[ ]{_TIME}{_EAST}?)?"
    rf")(?![0-9a-z:])"
    rf"|(?P<clock>[0-9]{{1,2}}(?::[0-9]{{2}})?[ ]?[ap](?:\.?m\.?)?|[0-9]{{1,2}}:[0-9]{{2}})"
    rf"(?![0-9a-z:])"
    rf"|(?P<number>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?)(?![0-9.:])"
    rf"|(?P<word>[a-z]+)"
    rf"|(?P<mark>[-+,])"
)
_CLOCK: Final = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))? ?([ap]?).*")


@dataclass(frozen=True)
class Word:
    text: str  # lower case


@dataclass(frozen=True)
class Mark:
    text: str  # - + or a comma


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Clock:
    at: time


@dataclass(frozen=True)
class Date:
    on: date


@dataclass(frozen=True)
class Instant:
    at: datetime  # naive where no offset was written


Token: TypeAlias = Word | Mark | Number | Clock | Date | Instant


def tokens_of(text: str) -> tuple[Token, ...] | None:
    """The tokens of a phrase; None if it is long, or if any part of it is none of them."""
    if len(text) > _LONGEST:
        return None
    phrase = unicodedata.normalize("NFKC", text).translate(_DASHES).lower().strip(" \t\r\n.!")
    tokens: list[Token] = []
    position = 0
    while position < len(phrase):
        match = _TOKEN.match(phrase, position)
        if match is None:
            return None
        if match.lastgroup != "space":
            token = _token(match)
            if token is None:
                return None
            tokens.append(token)
        position = match.end()
    return tuple(tokens)


def _token(match: re.Match[str]) -> Token | None:
    written = match.group()
    match match.lastgroup:
        case "word":
            return Word(written)
        case "mark":
            return Mark(written)
        case "number":
            return Number(float(written))
        case "clock":
            return _clock(written)
    return _iso(written)


def _clock(written: str) -> Clock | None:
    """4pm, 4:55 p.m., 16:30. One to six o'clock needs an am or pm, or a leading nought."""
    match = _CLOCK.fullmatch(written)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif len(match[1]) == 1 and 1 <= hour <= 6:
        return None
    return Clock(time(hour, minute)) if hour < 24 and minute < 60 else None


def _iso(written: str) -> Date | Instant | None:
    try:
        at = datetime.fromisoformat(written.upper())
    except ValueError:
        return None
    if at.year not in _YEARS:
        return None
    return Instant(at) if ":" in written else Date(at.date())
