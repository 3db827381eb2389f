"""When a promise is due, as a program says it: an instant, or words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from rest_framework import serializers

from commitments.errors import CommitmentError
from commitments.models import Kind, Team
from commitments.reading import deadlines

from . import fields

_HOW_DUE = "Give due_at, an instant, or due, words like “within 2 business days”; not both."


class DueFields(fields.Strict):
    """One of the two, or neither where `may_be_left_out`."""

    may_be_left_out = False
    together: ClassVar[dict[str, Any]] = fields.one_of("due_at", "due")

    due_at = fields.Instant(required=False)
    due = fields.Words(what="The time", limit=200, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        said = ("due_at" in attrs) + bool(attrs.get("due"))
        if said == 2 or (not said and not self.may_be_left_out):
            raise serializers.ValidationError({"due_at": [_HOW_DUE]})
        return attrs


def read(phrase: str, *, team: Team, kind: Kind, now: datetime) -> deadlines.Reading:
    """The words as the team would read them: in its zone and its hours.

    Raises CommitmentError about the field `due`.
    """
    zone, hours, closes = team.calendar.zone, team.calendar.hours(), kind.usual_hour
    reading = deadlines.read(phrase, now=now, zone=zone, hours=hours, closes=closes)
    if reading is not None:
        return reading
    passed = deadlines.why_not(phrase, now=now, zone=zone, hours=hours, closes=closes)
    sentence = passed or "These words could not be read as a time. Give due_at instead."
    raise CommitmentError(sentence, field="due")


@contextmanager
def naming(names: dict[str | None, str]) -> Iterator[None]:
    """A rule's own name for a field becomes the one that the caller used."""
    try:
        yield
    except CommitmentError as no:
        no.field = names.get(no.field, no.field or "") or None
        raise
