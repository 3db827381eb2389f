"""Lines into what each speaker said without a break, in the order of the paste."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import labels, mail, names, plain
from .labels import Label
from .plain import Line, Plain
from .stamps import Stamp

_CUE: Final = re.compile(r"\s{0,3}(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{3}\s{1,3}-->")
_BROKEN_FROM: Final = 50  # characters; shorter lines were ended by people


@dataclass(frozen=True, kw_only=True)
class Said:
    """Words of one speaker. Character i of `text` was pasted at `origins[i]`.

    `speaker` as written, "" where the text does not say; `stamp` what stood beside it.
    """

    speaker: str
    text: str
    stamp: Stamp | None = None
    origins: Sequence[int] = field(compare=False, repr=False)

    @property
    def key(self) -> str:
        return names.key(self.speaker)

    @property
    def start(self) -> int:
        return self.origins[0]

    @property
    def end(self) -> int:
        """Just behind the last character, in the paste."""
        return self.origins[-1] + 1


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """A conversation. `speakers` are told apart as `names.key` does, in order of appearance."""

    said: tuple[Said, ...]
    speakers: tuple[str, ...]
    is_mail: bool = False


def read(pasted: str, *, known: Collection[str] = ()) -> Transcript:
    """Who said what. Names that are `known`, of colleagues or customers, are surer to be seen."""
    text = plain.of(pasted)
    lines = list(_without_cues(list(plain.lines_of(text))))
    is_captions = _has_captions(lines)
    is_mail = not is_captions and mail.is_mail(lines)
    parts = mail.parts_of(lines) if is_mail else [mail.Part(lines=lines)]
    every = [line for part in parts for line in part.lines]
    labelled = labels.captions_of(every) if is_captions else labels.labels_of(every, known=known)
    said: list[Said] = []
    taken = 0
    for part in parts:
        here = labelled[taken : taken + len(part.lines)]
        said += [_joined(each, text) for each in _spoken(part, here) if each.lines]
        taken += len(part.lines)
    return Transcript(said=tuple(said), speakers=_speakers(said), is_mail=is_mail)


def _has_captions(lines: Sequence[Line]) -> bool:
    """`>>` quotes a quotation where anything else says that this is a mail."""
    others = [line for line in lines if not labels.is_caption(line)]
    return len(lines) - len(others) > 1 and not mail.is_mail(others)


@dataclass
class _Spoken:
    """Lines of one speaker; a blank one stands only between two that say something."""

    speaker: str
    stamp: Stamp | None
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        if not line.is_blank or (self.lines and not self.lines[-1].is_blank):
            self.lines.append(line)


def _spoken(part: mail.Part, here: Sequence[Label | None]) -> Iterator[_Spoken]:
    is_chat = any(here)
    spoken = _Spoken(part.speaker, part.stamp)
    for line, label in zip(part.lines, here, strict=True):
        if label is not None:
            yield spoken
            spoken = _Spoken(label.name, label.stamp or spoken.stamp)
            spoken.add(line.rest(label.words_at))
        elif not (is_chat and labels.is_only_a_stamp(line)):
            spoken.add(line)
    yield spoken


def _joined(spoken: _Spoken, text: Plain) -> Said:
    """Lines that only the width of a window broke become one again."""
    pieces: list[str] = []
    origins = array("L")
    for number, line in enumerate(spoken.lines):
        if line.is_blank and number == len(spoken.lines) - 1:
            break
        words = line.text.rstrip()
        if pieces:
            pieces.append(" " if words and _is_broken(pieces[-1]) else "\n")
            origins.append(origins[-1] + 1)
        pieces.append(words)
        origins.extend(text.origins[line.start : line.start + len(words)])
    return Said(
        speaker=spoken.speaker,
        text="".join(pieces),
        stamp=spoken.stamp,
        origins=origins,
    )


def _is_broken(line: str) -> bool:
    return len(line) >= _BROKEN_FROM and line[-1] not in ".!?:;…"


def _speakers(said: Sequence[Said]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for each in said:
        found.setdefault(each.key, each.speaker)
    return tuple(found.values())


def _without_cues(lines: Sequence[Line]) -> Iterator[Line]:
    """Without the lines in which subtitles count and time themselves."""
    for number, line in enumerate(lines):
        follows = lines[number + 1].text if number + 1 < len(lines) else ""
        is_count = line.text.strip().isdigit() and _CUE.match(follows)
        if not is_count and not _CUE.match(line.text) and line.text.strip() != "WEBVTT":
            yield line
