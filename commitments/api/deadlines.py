"""A time in words, read as the pages read it, before anything is promised.

    POST /api/v1/deadlines/read/   {"due": "within 2 business days", "team": 1, "kind": "refund"}

Answers the instant, the words that said it, what other people would mean by them, why it is that
time, and the steps of the ladder that would follow. Nothing is kept. Without `due` it is the usual
time of the kind; without `kind`, the kind of everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.errors import CommitmentError
from commitments.models import Kind, Team, User
from commitments.understanding import dues, kinds, steps_ahead
from commitments.understanding.dues import Due
from commitments.understanding.steps_ahead import Ahead

from . import fields, meant, queries, schema
from .doors import Reading
from .dues import naming
from .fields import Instant


class DeadlineFields(fields.Strict):
    """The fields of `POST /api/v1/deadlines/read/`."""

    due = fields.Words(what="The time", limit=200, required=False)
    team = fields.Id(required=False)
    kind = fields.Words(what="The kind", limit=30, required=False)
    urgent = fields.Truth(required=False)


class ChipFields(serializers.Serializer[Any]):  # Any: words that said a part of the time
    what = serializers.CharField()
    words = serializers.CharField()


class OtherFields(serializers.Serializer[dues.Offer]):
    """Another time for the same words, and a sentence to offer it with."""

    due_at = Instant(source="at")
    in_words = serializers.CharField(source="said")
    words = serializers.CharField()


class AheadFields(serializers.Serializer[Ahead]):
    at = Instant()
    sentence = serializers.CharField()


class TeamMeant(serializers.Serializer[Team]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class KindMeant(serializers.Serializer[Kind]):
    code = serializers.CharField()
    name = serializers.CharField()


class DueRead(serializers.Serializer[Due]):
    """`in_words` is said in `zone`, the caller's; the words were read in `team_zone`. `begins_at`
    is of a window that ends at `due_at`. `next_open` is offered outside the team's hours.
    """

    said = serializers.CharField()
    due_at = Instant(source="at")
    in_words = serializers.SerializerMethodField()
    zone = serializers.CharField()
    team_zone = serializers.CharField()
    begins_at = Instant(allow_null=True)
    note = serializers.CharField()
    chips = ChipFields(source="parts", many=True)
    others = OtherFields(many=True)
    next_open = OtherFields(allow_null=True)

    def get_in_words(self, due: Due) -> str:
        return due.offering(due.at, now=self.context["now"]).said


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A due time, for whom it was read, and what leads to it and away from it."""

    due: Due
    team: Team
    kind: Kind
    why: list[str]
    steps: list[Ahead]


class DeadlineRead(serializers.Serializer[Deadline]):
    due = DueRead()
    team = TeamMeant()
    kind = KindMeant()
    why = serializers.ListField(child=serializers.CharField())
    steps = AheadFields(many=True)


class ReadDeadline(Reading):
    """A time in words, for a team."""

    Fields = DeadlineFields

    @schema.gives(200, DeadlineRead)
    def post(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        given = self.Fields(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        with naming({"when": "due"}):
            found = read(given.validated_data, user=self.user, now=now)
        return Response(DeadlineRead(found, context={"now": now}).data)


def read(given: dict[str, Any], *, user: User, now: datetime) -> Deadline:
    """Raises CommitmentError where the words name no time that lies ahead."""
    team = meant.team(given.get("team"), user=user)
    kind = _kind(given.get("kind", ""))
    due = _due(given.get("due", ""), team=team, kind=kind, zone=user.zone, now=now)
    steps = steps_ahead.if_made(
        kind=kind,
        team=team,
        owner=user if meant.acts_in(user, team) else None,
        due_at=due.at,
        urgent=given.get("urgent", False),
        now=now,
    )
    why = dues.why_lines(due, team=team, now=now)
    return Deadline(due=due, team=team, kind=kind, why=why, steps=steps)


def _kind(code: str) -> Kind:
    known = meant.kinds()
    kind = meant.among(known, code) if code else kinds.other(known)
    if kind is None:
        raise CommitmentError("Say which kind of promise it is: give its code.", field="kind")
    return kind


def _due(words: str, *, team: Team, kind: Kind, zone: str, now: datetime) -> Due:
    hours = team.calendar.hours()
    if words:
        return dues.read_due(
            words, read_at=now, now=now, zone=zone, hours=hours, closes=kind.usual_hour
        )
    chain = kind.usual_steps(now, hours=hours)
    return dues.as_due(chain[-1].ends_at, said="", now=now, zone=zone, hours=hours, steps=chain)
