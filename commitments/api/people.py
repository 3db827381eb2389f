"""The colleagues of the caller: who works in their teams, is on shift now, or is away.

    GET /api/v1/people/        ?team=1&away=true
    GET /api/v1/people/<id>/

As the team's board says it: on shift is whoever works now by the calendar they have in that team
and has no time away. Of other teams that a colleague is in, the caller learns nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments import messages
from commitments.models import Absence, Membership, Team, User

from . import listing, queries, schema
from .fields import Instant
from .listing import Asked, Listing, Looking


class StandInFields(serializers.Serializer[User]):
    """Who is told instead."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class AbsenceFields(serializers.Serializer[Absence]):
    """A time away that has begun and is not over."""

    since = Instant(source="starts_at")
    until = Instant(source="ends_at")
    deputy = StandInFields(allow_null=True)


class WorksInFields(serializers.Serializer[Membership]):
    """One person in one team. `back_at`: their next working minute, null while they are on shift
    and where their calendar never opens.
    """

    id = serializers.IntegerField(source="team_id")
    name = serializers.CharField(source="team.name")
    role = serializers.CharField()
    daily_capacity = serializers.IntegerField()
    on_shift = serializers.SerializerMethodField()
    back_at = serializers.SerializerMethodField()

    def get_on_shift(self, place: Membership) -> bool:
        roster: messages.Roster = self.context["roster"]
        return roster.is_on_duty(place.user, place.team_id)

    @extend_schema_field(Instant(allow_null=True))
    def get_back_at(self, place: Membership) -> str | None:
        roster: messages.Roster = self.context["roster"]
        at = roster.work_resumes_at(place.user, place.team_id)
        return Instant().to_representation(at) if at else None


class PersonFields(serializers.Serializer[User]):
    """`away` is null for who is not away."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    zone = serializers.CharField()
    away = serializers.SerializerMethodField()
    teams = WorksInFields(source="memberships", many=True)

    @extend_schema_field(AbsenceFields(allow_null=True))
    def get_away(self, person: User) -> dict[str, Any] | None:
        away = max(person.absences.all(), key=lambda each: each.ends_at, default=None)
        return dict(AbsenceFields(away).data) if away else None


def seen_by(user: User, *, now: datetime) -> QuerySet[User]:
    """Everybody who can sign in and shares a team with this person, and they themselves."""
    shared = Membership.objects.filter(team__in=Team.objects.visible_to(user))
    people = User.objects.people().filter(is_active=True)
    if not user.is_superuser:
        people = people.filter(pk__in=shared.values("user")) | people.filter(pk=user.pk)
    places = shared.select_related("team").order_by("team__name", "pk")
    now_away = _now_away(now).select_related("deputy")
    return people.prefetch_related(
        Prefetch("memberships", queryset=places), Prefetch("absences", queryset=now_away)
    )


def said_of(rows: Sequence[User], *, now: datetime) -> list[dict[str, Any]]:
    roster = messages.Roster(now=now)
    roster.know({place.team_id for person in rows for place in person.memberships.all()})
    return list(PersonFields.many_init(rows, context={"roster": roster}).data)


class People(Listing[User]):
    """Those whom the caller may see."""

    each = PersonFields
    readers = {"team": listing.an_id, "away": listing.a_truth}

    def found(self, asked: Asked, *, now: datetime) -> QuerySet[User]:
        seen = seen_by(self.user, now=now)
        if "team" in asked:
            teams = Team.objects.visible_to(self.user).filter(pk=asked["team"])
            seen = seen.filter(pk__in=Membership.objects.filter(team__in=teams).values("user"))
        if "away" in asked:
            is_away = Exists(_now_away(now).filter(user=OuterRef("pk")))
            seen = seen.filter(is_away if asked["away"] else ~is_away)
        return seen

    def said_of(self, rows: Sequence[User], *, now: datetime) -> list[dict[str, Any]]:
        return said_of(rows, now=now)


class OnePerson(Looking):
    """One of them."""

    @schema.gives(200, PersonFields)
    def get(self, request: Request, pk: int) -> Response:
        queries.refuse_all(request.query_params)
        now = timezone.now()
        found = list(seen_by(self.user, now=now).filter(pk=pk))
        if not found:
            raise exceptions.NotFound("There is nobody with this id in your teams.")
        return Response(said_of(found, now=now)[0])


def _now_away(now: datetime) -> QuerySet[Absence]:
    return Absence.objects.filter(starts_at__lte=now, ends_at__gt=now)
