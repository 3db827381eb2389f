"""A promise as programs read it. Instants are UTC, empty text is left as it is, absent is null."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from commitments.house import audits
from commitments.models import Commitment, Customer, Team, User
from commitments.reading import deadlines
from commitments.rules import saying

from .fields import Instant

_ANY: Final = "00000"  # in the place of a reference
_instant = Instant().to_representation
_WRITTEN: Final = ("wording", "due_said", "team_note", "evidence", "case", "case_url")


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
    """What `of_many` says of each. `overdue` and `told` are as of the answer; `told` is null for
    what is not overdue, and for what a team promised itself.
    """

    reference = serializers.CharField()
    version = serializers.IntegerField()
    wording = serializers.CharField()
    status = serializers.CharField()
    outcome = serializers.CharField()
    overdue = serializers.BooleanField(read_only=True)
    told = serializers.BooleanField(read_only=True, allow_null=True)
    due_at = Instant()
    first_due_at = Instant()
    due_said = serializers.CharField()
    zone = serializers.CharField()
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
    case = serializers.CharField()
    case_url = serializers.CharField()
    links = _Links(read_only=True)


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
    """Each of them: all that `CommitmentFields` names, or `only` these of it.

    Said at once, where the framework's fields would be copied for each answer and asked one by one.
    """
    places = _Places.of(request)
    said = [_said(row, places=places, now=now) for row in rows]
    if audited := audits.audited_by(cast("User", request.user)):
        said = [
            _bare(each, row) if row.team_id in audited else each
            for each, row in zip(said, rows, strict=True)
        ]
    if only is None:
        return said
    return [{name: value for name, value in each.items() if name in only} for each in said]


@dataclass(frozen=True, kw_only=True)
class _Places:
    """What stands before and after a reference in the addresses of a promise."""

    own: tuple[str, str]
    page: tuple[str, str]

    @classmethod
    def of(cls, request: Request) -> _Places:
        return cls(
            own=_around_a_reference("api:commitment", request),
            page=_around_a_reference("web:promise", request),
        )


def _around_a_reference(view: str, request: Request) -> tuple[str, str]:
    before, _, after = reverse(view, [_ANY], request=request).rpartition(_ANY)
    return before, after


def _said(commitment: Commitment, *, places: _Places, now: datetime) -> dict[str, Any]:
    reference, kind, talk = commitment.reference, commitment.kind, commitment.conversation
    closed_at, is_overdue = commitment.closed_at, commitment.is_overdue(now)
    has_to_be_told = is_overdue and kind.for_customers
    return {
        "reference": reference,
        "version": commitment.event_count,
        "wording": commitment.wording,
        "status": str(commitment.status),
        "outcome": str(commitment.outcome),
        "overdue": is_overdue,
        "told": not commitment.is_not_told(now) if has_to_be_told else None,
        "due_at": _instant(commitment.due_at),
        "first_due_at": _instant(commitment.first_due_at),
        "due_said": commitment.due_said,
        "zone": commitment.due_zone,
        "promised_at": _instant(commitment.promised_at),
        "closed_at": _instant(closed_at) if closed_at else None,
        "owner": _named(commitment.owner) if commitment.owner else None,
        "team": _named(commitment.team),
        "kind": {"code": kind.code, "name": kind.name},
        "customer": _named(commitment.customer),
        "urgent": commitment.urgent,
        "team_note": commitment.team_note,
        "evidence": commitment.evidence,
        "cause": commitment.cause,
        "case": talk.outside_reference,
        "case_url": talk.outside_url,
        "links": {
            "self": reference.join(places.own),
            "page": reference.join(places.page),
        },
    }


def _bare(said: dict[str, Any], commitment: Commitment) -> dict[str, Any]:
    return audits.left_bare(said, customer_id=commitment.customer_id, words=_WRITTEN)


def _named(each: User | Team | Customer) -> dict[str, Any]:
    return {"id": each.pk, "name": each.name}


def of_reading(reading: deadlines.Reading, *, commitment: Commitment) -> dict[str, Any]:
    """How the words of a due time were understood, for the caller to check or to read out."""
    zone, now = commitment.due_zone, commitment.promised_at
    return {
        "said": reading.said,
        "at": _instant(reading.at),
        "in_words": saying.say_time(reading.at, zone=zone, now=now),
        "zone": zone,
        "note": reading.adjusted,
    }


def etag(version: int) -> str:
    """Another one after everything that happens to the promise."""
    return f'"{version}"'
