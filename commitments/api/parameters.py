"""What a query string may hold: how it is read, and how the schema says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from commitments.errors import CommitmentError
from commitments.rules import reference, words

from . import fields

_NUMBER = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """Reads its text, or raises ValueError with a sentence. `shape` is in words of JSON schema."""

    shape: Mapping[str, Any]  # Any: JSON schema
    read: Callable[[str], Any] = str  # Any: each parameter has its own kind of value
    says: str = ""

    def __call__(self, text: str) -> Any:
        return self.read(text)

    def about(self, says: str) -> Parameter:
        """The same, and what it is for."""
        return replace(self, says=says)


def _number(text: str, *, wrong: str) -> int:
    """A whole number from 1 to LARGEST_ID, as a schema can say it."""
    if not _NUMBER.fullmatch(text) or not 0 < int(text) <= fields.LARGEST_ID:
        raise ValueError(wrong)
    return int(text)


def _id(text: str) -> int:
    return _number(text, wrong="This must be an id: a whole number from 1.")


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("This must be true or false.")
    return text == "true"


def _instant(text: str) -> Any:
    try:
        return fields.instant(text)
    except ValueError as no:
        hint = " In an address, + is written %2B." if " " in text else ""
        raise ValueError(f"{no}{hint}") from None


# As somebody may have typed it; `rules.reference` knows which of these are one.
REFERENCE: dict[str, Any] = {
    "type": "string",
    "description": "A promise's reference, such as K7Q2M.",
    "pattern": f"^[{reference.ALPHABET}]{{5,12}}$",
}

AN_ID = Parameter(read=_id, shape=fields.Id().shape())
A_TRUTH = Parameter(read=_truth, shape=fields.Truth().shape())
AN_INSTANT = Parameter(read=_instant, shape=fields.Instant().shape())
A_DAY = Parameter(shape={"type": "string", "format": "date"})


def one_of(*choices: str, usual: str | None = None) -> Parameter:
    """One of a few words; `usual` is what is taken where none is given."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"Choose one of: {', '.join(choices)}.")
        return text

    shape: dict[str, Any] = {"type": "string", "enum": list(choices)}
    return Parameter(read=read, shape=shape | ({"default": usual} if usual else {}))


def some_of(*choices: str) -> Parameter:
    """Some of a few words, each once, with commas between them."""

    def read(text: str) -> tuple[str, ...]:
        asked = tuple(text.split(","))
        if not {*asked} <= {*choices} or len(asked) != len(set(asked)):
            raise ValueError(f"Give each once, with commas between them: {', '.join(choices)}.")
        return asked

    each = {"type": "string", "enum": list(choices)}
    shape = {"type": "array", "items": each, "uniqueItems": True, "minItems": 1}
    return Parameter(read=read, shape=shape)


def a_text(what: str, *, limit: int) -> Parameter:
    """Text as people write it on one line; `what` begins its sentences."""

    def read(text: str) -> str:
        try:
            return words.clean(text, what=what, limit=limit)
        except CommitmentError as no:
            raise ValueError(str(no)) from None

    return Parameter(read=read, shape=fields.Words(what=what, limit=limit).shape())


def a_size(*, usual: int, largest: int) -> Parameter:
    """How many rows a page has."""

    def read(text: str) -> int:
        wrong = f"This must be a whole number from 1 to {largest}."
        return min(_number(text, wrong=wrong), largest)

    return Parameter(
        read=read,
        shape={"type": "integer", "minimum": 1, "maximum": fields.LARGEST_ID, "default": usual},
        says=f"How many on a page; never more than {largest}.",
    )


def a_place(read: Callable[[str], Any]) -> Parameter:
    """Where a page begins."""
    shape = {"type": "string", "pattern": "^[A-Za-z0-9_-]+={0,2}$"}
    return Parameter(read=read, shape=shape, says="Where a page begins: from `next`.")
