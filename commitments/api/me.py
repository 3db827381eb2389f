"""Who is calling: `GET /api/v1/me/`.

Whoever writes a program finds out here whose token it has, what that person is in which team, and
in which zone they read times. A program that is to change something needs `write` among the scopes
and, in the team, another role than auditor.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.models import ApiToken, Membership, User

from . import queries, schema
from .authentication import token_of
from .fields import Instant
from .listing import Looking


class PlaceFields(serializers.Serializer[Membership]):
    """What the caller is in one team."""

    id = serializers.IntegerField(source="team_id")
    name = serializers.CharField(source="team.name")
    role = serializers.CharField()


class TokenFields(serializers.Serializer[ApiToken]):
    """The token that was sent; never its secret."""

    prefix = serializers.CharField()
    name = serializers.CharField()
    scope = serializers.CharField()
    expires_at = Instant(allow_null=True)


class MeFields(serializers.Serializer[User]):
    """`token` is null for somebody signed in to the pages, who has every scope of their own."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    zone = serializers.CharField()
    language = serializers.CharField()
    is_administrator = serializers.BooleanField(source="is_superuser")
    teams = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField()
    token = serializers.SerializerMethodField()

    @extend_schema_field(PlaceFields(many=True))
    def get_teams(self, user: User) -> list[dict[str, Any]]:
        places = user.memberships.select_related("team").order_by("team__name", "pk")
        return list(PlaceFields.many_init(places).data)

    def get_scopes(self, user: User) -> list[str]:
        """Each contains those before it."""
        every: list[str] = list(ApiToken.Scope.values)
        token: ApiToken | None = self.context["token"]
        return every[: every.index(token.scope) + 1] if token else every

    @extend_schema_field(TokenFields(allow_null=True))
    def get_token(self, user: User) -> dict[str, Any] | None:
        token: ApiToken | None = self.context["token"]
        return dict(TokenFields(token).data) if token else None


class Me(Looking):
    """The caller."""

    @schema.gives(200, MeFields)
    def get(self, request: Request) -> Response:
        queries.refuse_all(request.query_params)
        return Response(MeFields(self.user, context={"token": token_of(request)}).data)
