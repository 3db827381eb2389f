"""Fields that take one kind of JSON value each, where the framework's own would take several.

`"5"` is no number here, `1` no truth and a date no instant: what a program sends by mistake is
refused with a sentence that says what to send.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from commitments.errors import CommitmentError
from commitments.rules import wall_clock, words

LARGEST_ID = 2**63 - 1

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


class Strict(serializers.Serializer[Any]):  # Any: nothing is ever saved through it
    """Refuses what it does not know, so that a misspelt field is not silently left out."""

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


class Words(serializers.Field[str, Any, str, Any]):
    """Text as `words.clean` keeps it. `what` begins its sentences."""

    def __init__(self, *, what: str, limit: int, lines: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.what, self.limit, self.lines = what, limit, lines

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This must be text.")
        try:
            return words.clean(
                data, what=self.what, limit=self.limit, required=self.required, lines=self.lines
            )
        except CommitmentError as no:
            raise serializers.ValidationError(str(no)) from no


class Address(serializers.Field[str, Any, str, Any]):
    """One e-mail address, or empty text for none."""

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This must be text.")
        try:
            return words.one_address(data) if data.strip() else ""
        except CommitmentError as no:
            raise serializers.ValidationError(str(no)) from no


class Zone(serializers.Field[str, Any, str, Any]):
    """The name of an IANA time zone."""

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This must be text.")
        try:
            return wall_clock.zone_named(data).key
        except CommitmentError as no:
            raise serializers.ValidationError(str(no)) from no


class Instant(serializers.Field[datetime, Any, str, Any]):
    """RFC 3339, with an offset: a time without one means another instant to each reader."""

    def to_internal_value(self, data: object) -> datetime:
        if not isinstance(data, str):
            raise serializers.ValidationError(f"This must be text. {_HOW}")
        try:
            return instant(data)
        except ValueError as no:
            raise serializers.ValidationError(str(no)) from no

    def to_representation(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Truth(serializers.Field[bool, Any, bool, Any]):
    """true or false, and nothing that merely looks like it."""

    def to_internal_value(self, data: object) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError("This must be true or false.")
        return data


class Id(serializers.Field[int, Any, int, Any]):
    """A whole number from 1 that a column can hold."""

    def to_internal_value(self, data: object) -> int:
        if not isinstance(data, int) or isinstance(data, bool) or not 0 < data <= LARGEST_ID:
            raise serializers.ValidationError("This must be an id: a whole number from 1.")
        return data


class OneOf(serializers.Field[str, Any, str, Any]):
    """One of a few words."""

    def __init__(self, choices: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self.choices = tuple(choices)

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str) or data not in self.choices:
            raise serializers.ValidationError(f"Choose one of: {', '.join(self.choices)}.")
        return data
