"""Who calls: a program with a token of somebody's, or somebody signed in to the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from django.utils import timezone
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from commitments.models import ApiToken, User

if TYPE_CHECKING:
    # The framework's views import this module by the settings' word, before they are there.
    from rest_framework.views import APIView

_TOKEN = re.compile(r"ft_[0-9a-f]{8}\.[A-Za-z0-9_-]{43}")


class Bearer(authentication.BaseAuthentication):
    """`Authorization: Bearer ft_….…`, a token from `/me/tokens/` or `manage.py make_token`.

    It is read nowhere else: what stands in an address is kept in logs and histories.
    """

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
        token.note_use(now=now)
        return token.caller, token

    # The framework asks the first way to sign in what to say to strangers.
    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Followthrough"'


def token_of(request: Request) -> ApiToken | None:
    """The token that came with a request; None for somebody signed in to the pages."""
    return cast("ApiToken | None", request.auth)  # the framework's types know only its own


def principal_of(request: Request) -> str:
    """Under what a caller's keys are kept and their calls counted: a token's own, or somebody's."""
    token = token_of(request)
    return f"token:{token.prefix}" if token else f"user:{request.user.pk}"


class MayDoThis(permissions.BasePermission):
    """Somebody; and a token that may only read does only that.

    What only administrators may is asked of the user, whom a token makes one by its scope alone:
    `ApiToken.caller`.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        token = token_of(request)
        only_reads = getattr(view, "changes_nothing", False)
        if request.method in permissions.SAFE_METHODS or only_reads or token is None:
            return True
        if not token.may_change:
            raise exceptions.PermissionDenied("This token may read, but not change anything.")
        return True
