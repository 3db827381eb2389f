"""The teams that the caller belongs to; an administrator sees all.

GET /api/v1/teams/        ?retired=false
GET /api/v1/teams/<id>/
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.errors import CommitmentError
from commitments.models import Calendar, Membership, Team, User
from commitments.rules.business_time import Hours

from . import listing, queries, schema
from .fields import Instant
from .listing import Asked, Listing, Looking


class TeamFields(serializers.Serializer[Team]):
    """`role` is the caller's own there, null for an administrator who is no member. `next_open_at`
    is null while it is open, and for a team that never opens.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    zone = serializers.CharField(source="calendar.zone")
    calendar = serializers.CharField(source="calendar.name")
    role = serializers.SerializerMethodField()
    is_open = serializers.SerializerMethodField()
    next_open_at = serializers.SerializerMethodField()
    retired_at = Instant(allow_null=True)

    def get_role(self, team: Team) -> str | None:
        return next((place.role for place in team.memberships.all()), None)  # the caller's alone

    def get_is_open(self, team: Team) -> bool:
        return self._hours(team).is_open(self.context["now"])

    @extend_schema_field(Instant(allow_null=True))
    def get_next_open_at(self, team: Team) -> str | None:
        if self.get_is_open(team):
            return None
        with suppress(CommitmentError):  # a calendar that never opens
            at = self._hours(team).next_open(self.context["now"])
            return Instant().to_representation(at)
        return None

    def _hours(self, team: Team) -> Hours:
        hours: dict[int, Hours] = self.context["hours"]
        return hours[team.calendar_id]


def seen_by(user: User) -> QuerySet[Team]:
    """With what the caller is in each."""
    own = Membership.objects.filter(user=user)
    seen = Team.objects.visible_to(user).select_related("calendar")
    return seen.prefetch_related(Prefetch("memberships", queryset=own))


def said_of(rows: Sequence[Team], *, now: datetime) -> list[dict[str, Any]]:
    hours = Calendar.objects.hours_of({team.calendar_id for team in rows})
    return list(TeamFields.many_init(rows, context={"now": now, "hours": hours}).data)


class Teams(Listing[Team]):
    """Those that the caller may see."""

    each = TeamFields
    readers = {"retired": listing.a_truth}

    def found(self, asked: Asked, *, now: datetime) -> QuerySet[Team]:
        seen = seen_by(self.user)
        return seen.filter(retired_at__isnull=not asked["retired"]) if "retired" in asked else seen

    def said_of(self, rows: Sequence[Team], *, now: datetime) -> list[dict[str, Any]]:
        return said_of(rows, now=now)


class OneTeam(Looking):
    """One of them."""

    @schema.gives(200, TeamFields)
    def get(self, request: Request, pk: int) -> Response:
        queries.refuse_all(request.query_params)
        found = list(seen_by(self.user).filter(pk=pk))
        if not found:
            raise exceptions.NotFound("There is no team with this id.")
        return Response(said_of(found, now=timezone.now())[0])
