"""A text and its values into what a mail is laid out from: blocks, which both twins show.

Values are put in once and never read again, so that braces in somebody's words mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notifications.envelope import JSON

from .texts import BOXES, PLACEHOLDER, Text

Block = Mapping[str, JSON]

_GAPS = re.compile(r" {2,}")


@dataclass(frozen=True, kw_only=True)
class Values:
    """`said` stands inside sentences, `boxes` in paragraphs of their own.

    `theirs` names those values which people wrote: they may run from right to left.
    """

    said: Mapping[str, str]
    boxes: Mapping[str, Sequence[Block]]
    theirs: frozenset[str] = frozenset()


def line(text: str, values: Values) -> str:
    """A subject or a heading."""
    return "".join(part for part, _ in _parts(text, values)).strip()


def blocks(text: Text, values: Values) -> list[Block]:
    """The paragraphs, without those that have nothing to say now."""
    found: list[Block] = []
    for paragraph in text.paragraphs:
        name = paragraph[1:-1]
        if paragraph == f"{{{name}}}" and name in BOXES:
            found.extend(values.boxes.get(name, ()))
        elif parts := _parts(paragraph, values):
            found.append(words(parts))
    return found


def words(parts: Sequence[tuple[str, bool]]) -> Block:
    """A paragraph; of each part it is told whether people wrote it."""
    return {"is": "words", "parts": [{"text": text, "theirs": theirs} for text, theirs in parts]}


def said(text: str) -> list[Block]:
    """What somebody wrote, in a box of its own; none where they wrote nothing."""
    return [{"is": "said", "text": text}] if text else []


def row(label: str, value: str, *, theirs: bool = False, struck: bool = False) -> Block:
    return {"label": label, "value": value, "theirs": theirs, "struck": struck}


def facts(rows: Sequence[Block]) -> Block:
    """A box of labels and values, without those that have no value."""
    return {"is": "facts", "rows": [each for each in rows if each["value"]]}


def _parts(text: str, values: Values) -> list[tuple[str, bool]]:
    """Pieces of the text, and of values; every second piece of a split is a placeholder."""
    pieces = PLACEHOLDER.split(text)
    parts: list[tuple[str, bool]] = []
    for number, piece in enumerate(pieces):
        if number % 2:
            parts.append((values.said.get(piece, ""), piece in values.theirs))
        else:
            parts.append((_GAPS.sub(" ", piece), False))
    parts = [part for part in parts if part[0]]
    if parts and not parts[0][1]:  # a sentence that is not said now leaves no gap behind
        parts[0] = (parts[0][0].lstrip(), False)
    return parts if any(part.strip() for part, _ in parts) else []
