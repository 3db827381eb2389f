"""A promise as programs read it. Instants are UTC, empty text is left as it is, absent is null."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from commitments.models import Commitment
from commitments.reading import deadlines
from commitments.rules import saying

from .fields import Instant


class Named(serializers.Serializer[Any]):  # Any: a person, a team or a customer
    id = serializers.IntegerField()
    name = serializers.CharField()


class NamedKind(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class _Links(serializers.Serializer[Any]):  # Any: by name
    self = serializers.URLField()
    page = serializers.URLField()


class CommitmentFields(serializers.Serializer[Commitment]):
    """`overdue` and `told` are as of the answer; `told` is null for what is not overdue, and
    for what a team promised itself."""

    reference = serializers.CharField()
    version = serializers.IntegerField(source="event_count")
    wording = serializers.CharField()
    status = serializers.CharField()
    outcome = serializers.CharField()
    overdue = serializers.SerializerMethodField()
    told = serializers.SerializerMethodField()
    due_at = Instant()
    first_due_at = Instant()
    due_said = serializers.CharField()
    zone = serializers.CharField(source="due_zone")
    promised_at = Instant()
    closed_at = Instant(allow_null=True)
    owner = Named(allow_null=True)
    team = Named()
    kind = NamedKind()
    customer = Named()
    urgent = serializers.BooleanField()
    team_note = serializers.CharField()
    evidence = serializers.CharField()
    cause = serializers.CharField()
    case = serializers.CharField(source="conversation.outside_reference")
    case_url = serializers.CharField(source="conversation.outside_url")
    links = serializers.SerializerMethodField()

    def get_overdue(self, commitment: Commitment) -> bool:
        return commitment.is_overdue(self.context["now"])

    def get_told(self, commitment: Commitment) -> bool | None:
        now = self.context["now"]
        has_to_be = commitment.is_overdue(now) and commitment.kind.for_customers
        return not commitment.is_not_told(now) if has_to_be else None

    @extend_schema_field(_Links)
    def get_links(self, commitment: Commitment) -> dict[str, str]:
        request: Request = self.context["request"]
        ref = [commitment.reference]
        return {
            "self": reverse("api:commitment", ref, request=request),
            "page": reverse("web:promise", ref, request=request),
        }


class ReadingFields(serializers.Serializer[Any]):  # Any: what `of_reading` says
    """How the words of a due time were understood."""

    said = serializers.CharField()
    at = Instant()
    in_words = serializers.CharField()
    zone = serializers.CharField()
    note = serializers.CharField()


class MadeFields(CommitmentFields):
    """`read` is there where the promise is due in words."""

    read = ReadingFields(required=False)


class ChosenFields(CommitmentFields):
    """A promise, or of it what `fields` asks for."""

    is_partial = True


class PageFields(serializers.Serializer[Any]):  # Any: a page of promises
    """`next` is the address of the next page, and null on the last. `searched` is there where words
    were looked for in so many of the newest promises only.
    """

    next = serializers.URLField(allow_null=True)
    searched = serializers.IntegerField(required=False)
    results = ChosenFields(many=True)


def of_many(
    rows: Sequence[Commitment],
    *,
    request: Request,
    only: Collection[str] | None = None,
    now: datetime,
) -> list[dict[str, Any]]:
    """Each of them, through one set of fields: of all, or of `only` these."""
    each = CommitmentFields(context={"request": request, "now": now})
    for name in set() if only is None else each.fields.keys() - set(only):
        each.fields.pop(name)
    return [dict(each.to_representation(row)) for row in rows]


def of_reading(reading: deadlines.Reading, *, commitment: Commitment) -> dict[str, Any]:
    """How the words of a due time were understood, for the caller to check or to read out."""
    zone, now = commitment.due_zone, commitment.promised_at
    return {
        "said": reading.said,
        "at": Instant().to_representation(reading.at),
        "in_words": saying.say_time(reading.at, zone=zone, now=now),
        "zone": zone,
        "note": reading.adjusted,
    }


def etag(version: int) -> str:
    """Another one after everything that happens to the promise."""
    return f'"{version}"'
