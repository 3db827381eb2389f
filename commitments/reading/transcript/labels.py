"""Who speaks in a line, where the line says so.

    Ana: words            Ana (Agent): words        [10:02] Ana: words        Agent - words
    Ana (10:02): words    10:02 AM Ana: words       12/03/2026, 10:02 - Ana: words
    <Ana> words           Ana Moreno 10:02 AM, or the name alone, with the words in the lines below

A line that begins like this may still be nobody's name: "Note: ...". What stands beside a time, or
says what somebody is, is a name; anything else must look like one, and come again or be known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from . import names, stamps
from .plain import Line
from .stamps import Stamp

_INVISIBLE: Final = "\u200b-\u200f\u202a-\u202e\u2066-\u2069"
_SPACE: Final = rf"[\s{_INVISIBLE}]"
_BULLET: Final = re.compile(
    rf"{_SPACE}{{0,20}}(?:(?:[-*•\u2013—·▪◦‣]|\d{{1,3}}[.)]){_SPACE}{{1,5}})?(?:\*\*|__)?"
)
_DASH: Final = re.compile(
    rf"{_SPACE}{{0,5}}(?:[-\u2013—|,]{_SPACE}{{1,5}})?(?:\*\*|__)?{_SPACE}{{0,5}}"
)
_NAME: Final = re.compile(r"[^:\uff1a\t\[\](){}<>|;!?\"“”*]{1,60}")
_A_TIME: Final = re.compile(
    r"[\s,](?=\d{1,2}[:./-]\d|\d{4}-\d|(?:today|yesterday|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\b)",
    re.IGNORECASE,
)
_IN_ANGLES: Final = re.compile(r"<([^<>\n:]{1,40})>\s")
_ASIDE: Final = re.compile(r"\s{0,3}(?:[\[(]([^\[\]()]{1,40})[\])]|<[^<>\s]{3,80}>)")
_SAYS: Final = re.compile(r"\s{0,3}(?:\*\*|__)?\s{0,3}(?:[:\uff1a](?![/\d])|\t)(?:\*\*|__)?\s{0,5}")
_SAYS_SOFTLY: Final = re.compile(
    r"([^\s:\-\u2013—|][^:\-\u2013—|]{0,40}?)\s{1,3}[-\u2013—|]\s{1,3}"
)
_CAPTION: Final = re.compile(r"\s{0,10}>>+\s{0,5}")
_AROUND: Final = " ,-|\u2013\u2014\u200e\u200f"
_LONGEST_TIME: Final = 30


@dataclass(frozen=True, kw_only=True)
class Label:
    """Who speaks, and at which offset of the line their words begin.

    `is_sure` where nothing but a speaker could stand there; `is_alone` where the words are below.
    """

    name: str
    words_at: int
    stamp: Stamp | None = None
    is_sure: bool = False
    is_alone: bool = False


@dataclass(frozen=True)
class _Name:
    """A name at the head of a line, the time beside it, and where both end."""

    words: str
    stamp: Stamp | None
    end: int


def labels_of(lines: Sequence[Line], *, known: Collection[str]) -> list[Label | None]:
    """For each line its label. `known` are names of people, such as everybody of the team."""
    labels = [_label(line.text) for line in lines]
    for number, label in enumerate(labels):
        if label is not None and label.is_alone and label.stamp is None:
            labels[number] = _over_words(label, number, lines)
    speakers = names.speakers_among(
        [each for each in labels if each is not None],
        known=known,
        lines=sum(not line.is_blank for line in lines),
    )
    return [each if each and names.key(each.name) in speakers else None for each in labels]


def captions_of(lines: Sequence[Line]) -> list[Label | None]:
    """For the lines of subtitles, in which `>>` says that somebody else speaks now."""
    labels: list[Label | None] = []
    changes = 0
    for line in lines:
        began = _CAPTION.match(line.text)
        if began is None:
            labels.append(None)
            continue
        own = _label(line.text[began.end() :])
        if own is not None and not own.is_alone and names.looks_like_one(own.name):
            labels.append(replace(own, words_at=own.words_at + began.end()))
        else:
            name = f"Speaker {changes % 2 + 1}"
            labels.append(Label(name=name, words_at=began.end(), is_sure=True))
        changes += 1
    return labels


def is_caption(line: Line) -> bool:
    return _CAPTION.match(line.text) is not None


def is_only_a_stamp(line: Line) -> bool:
    found = stamps.match(line.text, len(line.text) - len(line.text.lstrip()))
    return found is not None and not line.text[found[1] :].strip()


def _label(text: str) -> Label | None:
    """What a line may say of its speaker."""
    began = _BULLET.match(text)
    at = began.end() if began else 0
    stamped = stamps.match(text, at)
    if stamped is not None:
        dashed = _DASH.match(text, stamped[1])
        at = dashed.end() if dashed else stamped[1]
    stamp = stamped[0] if stamped else None
    angled = _IN_ANGLES.match(text, at)
    if angled is not None:
        return Label(name=angled[1].strip(), words_at=angled.end(), stamp=stamp, is_sure=True)
    name = _name(text, at)
    if name is None:
        return _softly(text, at, stamp)
    return _softly(text, at, stamp) or _labelled(text, replace(name, stamp=name.stamp or stamp))


def _labelled(text: str, name: _Name) -> Label | None:
    if not names.could_be_one(name.words):
        return None
    says = _SAYS.match(text, name.end)
    if says is not None:
        is_sure = name.stamp is not None or names.side_in(name.words) is not None
        return Label(name=name.words, words_at=says.end(), stamp=name.stamp, is_sure=is_sure)
    if not text[name.end :].strip(" \t*_") and names.looks_like_one(name.words):
        return Label(name=name.words, words_at=len(text), stamp=name.stamp, is_alone=True)
    return None


def _name(text: str, at: int) -> _Name | None:
    """A name with the time beside it, then up to two things in brackets: a time, and a role."""
    named = _NAME.match(text, at)
    if named is None:
        return None
    words, end, stamp = named[0], named.end(), None
    gap = _A_TIME.search(text, at, end + _LONGEST_TIME)
    timed = stamps.match(text, gap.end()) if gap and gap.start() < end else None
    if gap is not None and timed is not None:
        words, (stamp, end) = text[at : gap.start()], timed
    words = words.strip(_AROUND)
    for _ in range(2):
        aside = _ASIDE.match(text, end)
        if aside is None:
            break
        timed, end = stamps.match(aside[1] or ""), aside.end()
        stamp = timed[0] if timed else stamp
        if aside[1] and timed is None and names.side_in(aside[1]) is not None:
            words = f"{words} ({aside[1].strip()})"
    return _Name(words, stamp, end)


def _softly(text: str, at: int, stamp: Stamp | None) -> Label | None:
    """`Agent - words`, for those whose name says what they are."""
    says = _SAYS_SOFTLY.match(text, at)
    if says is None or names.side_in(says[1]) is None or not names.could_be_one(says[1]):
        return None
    return Label(name=says[1].strip(), words_at=says.end(), stamp=stamp, is_sure=True)


def _over_words(label: Label, number: int, lines: Sequence[Line]) -> Label | None:
    """A name alone heads the words below it, after a gap; their time may stand between."""
    below = number + 1
    if below >= len(lines) or lines[below].is_blank:
        return None
    timed = is_only_a_stamp(lines[below])
    stamp = stamps.match(lines[below].text.lstrip()) if timed else None
    if stamp is not None:
        return replace(label, stamp=stamp[0])
    begins = number == 0 or lines[number - 1].is_blank
    return label if begins else None
