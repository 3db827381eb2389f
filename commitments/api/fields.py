"""Fields that take one kind of JSON value each, where the framework's own would take several.

`"5"` is no number here, `1` no truth and a date no instant: what a program sends by mistake is
refused with a sentence that says what to send.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any, ClassVar, TypeVar

from rest_framework import serializers
from rest_framework.utils.serializer_helpers import BindingDict

from commitments.errors import CommitmentError
from commitments.rules import wall_clock, words

LARGEST_ID = 2**63 - 1
Value = TypeVar("Value")

# What `words.clean` keeps, as far as a pattern can say it.
_LINE = r"^\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029"
_LINES = r"^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"

# RFC 3339, section 5.6, in ASCII digits. Python reads far more than that: weeks, commas, no offset.
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_HOW = "Give date, time and offset, as in 2026-05-26T16:30:00+02:00."


def instant(text: str) -> datetime:
    """The instant that an RFC 3339 text names, in UTC; ValueError with a sentence otherwise."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(_HOW)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"There is no such time. {_HOW}") from None


def one_of(first: str, second: str, *, or_none: bool = False) -> dict[str, Any]:
    """For `Strict.together`: one of two fields, never both."""
    neither = {} if or_none else {"required": [second]}
    return {"if": {"required": [first]}, "then": {"properties": {second: False}}, "else": neither}


class Strict(serializers.Serializer[Any]):  # Any: nothing is ever saved through it
    """Refuses what it does not know, so that a misspelt field is not silently left out."""

    together: ClassVar[dict[str, Any]] = {}  # what JSON schema says of several fields at once

    @cached_property
    def fields(self) -> BindingDict:
        """Made once for all requests: they keep nothing of what they read."""
        return _fields_of(type(self))

    def to_internal_value(self, data: Any) -> dict[str, Any]:  # Any: whatever JSON holds
        if not isinstance(data, Mapping):
            raise serializers.ValidationError("This must be an object, as in {…}.")
        unknown = [name for name in data if name not in self.fields]
        if unknown:
            known = ", ".join(sorted(self.fields))
            sentence = f"There is no such field here. The fields are: {known}."
            raise serializers.ValidationError({name: [sentence] for name in unknown[:20]})
        taken: dict[str, Any] = super().to_internal_value(data)
        return taken


@cache
def _fields_of(kind: type[Strict]) -> BindingDict:
    made = kind()
    fields = BindingDict(made)
    for name, field in made.get_fields().items():
        fields[name] = field
    return fields


class Field(serializers.Field[Value, Any, Any, Any]):
    """A field that says its own shape, so that the schema refuses what the field refuses."""

    def shape(self) -> dict[str, Any]:
        """In the words of JSON schema."""
        raise NotImplementedError


class Words(Field[str]):
    """Text as `words.clean` keeps it. `what` begins its sentences."""

    def __init__(self, *, what: str, limit: int, lines: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.what, self.limit, self.lines = what, limit, lines

    def shape(self) -> dict[str, Any]:
        seen = _LINES if self.lines else _LINE
        least = {"minLength": 1} if self.required else {}
        return {"type": "string", **least, "maxLength": self.limit, "pattern": f"^[{seen}]*$"}

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This must be text.")
        try:
            return words.clean(
                data, what=self.what, limit=self.limit, required=self.required, lines=self.lines
            )
        except CommitmentError as no:
            raise serializers.ValidationError(str(no)) from no


class Address(Field[str]):
    """One e-mail address, or empty text for none."""

    def shape(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 254, "pattern": r"^$|^[!-?A-~]+@[^@\s]+$"}

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This must be text.")
        try:
            return words.one_address(data) if data.strip() else ""
        except CommitmentError as no:
            raise serializers.ValidationError(str(no)) from no


class Zone(Field[str]):
    """The name of an IANA time zone."""

    def shape(self) -> dict[str, Any]:
        return {"type": "string", "examples": ["Europe/Berlin"], "pattern": "^[A-Za-z0-9_+/-]+$"}

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This must be text.")
        try:
            return wall_clock.zone_named(data).key
        except CommitmentError as no:
            raise serializers.ValidationError(str(no)) from no


class Instant(Field[datetime]):
    """RFC 3339, with an offset: a time without one means another instant to each reader."""

    def shape(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}

    def to_internal_value(self, data: object) -> datetime:
        if not isinstance(data, str):
            raise serializers.ValidationError(f"This must be text. {_HOW}")
        try:
            return instant(data)
        except ValueError as no:
            raise serializers.ValidationError(str(no)) from no

    def to_representation(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Truth(Field[bool]):
    """true or false, and nothing that merely looks like it."""

    def shape(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def to_internal_value(self, data: object) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError("This must be true or false.")
        return data


class Id(Field[int]):
    """A whole number from 1 that a column can hold."""

    def shape(self) -> dict[str, Any]:
        return {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}

    def to_internal_value(self, data: object) -> int:
        if not isinstance(data, int) or isinstance(data, bool) or not 0 < data <= LARGEST_ID:
            raise serializers.ValidationError("This must be an id: a whole number from 1.")
        return data


class OneOf(Field[str]):
    """One of a few words."""

    def __init__(self, choices: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self.choices = tuple(choices)

    def shape(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str) or data not in self.choices:
            raise serializers.ValidationError(f"Choose one of: {', '.join(self.choices)}.")
        return data
