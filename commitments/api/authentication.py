"""Who calls: a program with a token of somebody's, or somebody signed in to the pages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.db.models import Q
from django.utils import timezone
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from commitments.models import ApiToken, User

if TYPE_CHECKING:
    # The framework's views import this module by the settings' word, before they are there.
    from rest_framework.views import APIView

_TOKEN = re.compile(r"ft_[0-9a-f]{8}\.[A-Za-z0-9_-]{43}")
_NOTED_EVERY = timedelta(minutes=1)


class Bearer(authentication.BaseAuthentication):
    """`Authorization: Bearer ft_….…`, a token from `manage.py make_token`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, presented = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        # What no token looks like is not asked of the database, which would trip over some of it.
        looks_right = _TOKEN.fullmatch(presented.strip())
        token = ApiToken.behind(presented.strip(), now=now) if looks_right else None
        if token is None:
            raise exceptions.AuthenticationFailed("This token is unknown, revoked or out of date.")
        _note_use(token, now=now)
        return token.user, token

    # The framework asks the first way to sign in what to say to strangers.
    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Followthrough"'


def token_of(request: Request) -> ApiToken | None:
    """The token that came with a request; None for somebody signed in to the pages."""
    return cast("ApiToken | None", request.auth)  # the framework's types know only its own


class MayDoThis(permissions.BasePermission):
    """Somebody; and a token that may only read does only that."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        token = token_of(request)
        only_reads = getattr(view, "changes_nothing", False)
        if request.method in permissions.SAFE_METHODS or only_reads or token is None:
            return True
        if token.scope != ApiToken.Scope.WRITE:
            raise exceptions.PermissionDenied("This token may read, but not change anything.")
        return True


def _note_use(token: ApiToken, *, now: datetime) -> None:
    """Once a minute is enough to see which tokens are still in use."""
    unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - _NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at <= now - _NOTED_EVERY:
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
