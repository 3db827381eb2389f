"""Pasted text as plain text of the same words, each character knowing where it was pasted.

Copied from a web page it may still hold tags and entities. A tag of a block ends a line, any other
known tag is nothing, an entity is its character. What only looks like a tag is somebody's words.
"""

from __future__ import annotations

import html
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_BLOCKS: Final = "p|div|br|li|tr|ul|ol|table|tbody|blockquote|section|article|h[1-6]|hr|dt|dd|pre"
_INLINE: Final = "a|b|i|u|em|strong|span|td|th|small|font|time|img|code|html|body|head|meta"
_TAG: Final = re.compile(
    rf"</?(?:(?P<block>{_BLOCKS})|{_INLINE})(?:\s[^<>]{{0,1000}})?/?>|"
    r"(?P<entity>&(?:\#\d{1,7}|\#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});)",
    re.IGNORECASE,
)
# Every way to end a line becomes one; what no person typed becomes a space of the same length.
_LINE_ENDS: Final = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_UNTYPED: Final = "".join(map(chr, [*range(9), *range(0x0E, 0x20), *range(0x7F, 0xA0)]))
_EVEN: Final = str.maketrans(
    dict.fromkeys(_UNTYPED, " ") | dict.fromkeys("\u00a0\u202f\ufeff", " ")
    | dict.fromkeys(_LINE_ENDS, "\n")
)  # fmt: skip


@dataclass(frozen=True)
class Plain:
    """`text`, and for each of its characters its offset in what was pasted."""

    text: str
    origins: Sequence[int]


@dataclass(frozen=True)
class Line:
    """One line of a Plain: where it begins there, and its words."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def is_blank(self) -> bool:
        return not self.text or self.text.isspace()

    def rest(self, at: int) -> Line:
        """What follows after so many characters, without the space before it."""
        words = self.text[at:]
        return Line(self.end - len(words.lstrip()), words.lstrip())


def of(pasted: str) -> Plain:
    """Tags are only taken out of what has some."""
    if any(found["entity"] is None for found in _TAG.finditer(pasted)):
        return _without_tags(pasted)
    return Plain(_even(pasted), range(len(pasted)))


def lines_of(plain: Plain) -> Iterator[Line]:
    start = 0
    for words in plain.text.split("\n"):
        yield Line(start, words)
        start += len(words) + 1


def _even(text: str) -> str:
    return text.replace("\r\n", " \n").translate(_EVEN)


def _without_tags(pasted: str) -> Plain:
    pieces: list[str] = []
    origins, copied = array("L"), 0
    for found in _TAG.finditer(pasted):
        pieces.append(pasted[copied : found.start()])
        origins.extend(range(copied, found.start()))
        instead = _instead_of(found)
        pieces.append(instead)
        origins.extend([found.start()] * len(instead))
        copied = found.end()
    pieces.append(pasted[copied:])
    origins.extend(range(copied, len(pasted)))
    return Plain(_even("".join(pieces)), origins)


def _instead_of(found: re.Match[str]) -> str:
    if found["entity"] is not None:
        return html.unescape(found["entity"])
    return "\n" if found["block"] is not None else ""
