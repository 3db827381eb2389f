"""Between a session and a page: who must set up a second step first, and who is asked once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from commitments.api import problems
from commitments.web import doors
from config.signing_in import files

# Whoever sits down at a browser that somebody left must not take a key away with them, or let
# somebody else in. A page of another kind joins here by its name.
ASKED_AGAIN: Final = frozenset(
    {
        *("web:new_token", "web:new_feed", "web:new_service", "web:service_token"),
        *("web:new_webhook", "web:edit_webhook", "web:webhook_secret"),
        *("web:new_help_desk", "web:help_desk", "web:help_desk_secret"),
        *files.OF_PEOPLE,
        *("web:sign_in_rules", "web:invite", "notifications:give-address"),
        *("account_change_password", "account_set_password", "account_file"),
        *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn"),
        *("mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
    }
)
# To be looked at they ask nothing.
ASKED_TO_CHANGE: Final = frozenset(
    {
        *("web:person", "web:switch_off", "web:personal_data"),
        *("web:new_team", "web:team_settings", "web:service"),
        *("api:webhooks", "api:edit_webhook", "api:rotate"),
    }
)
_ADMINISTRATION: Final = "admin:"  # the same goes for all of it

# What somebody may open who must have a second step and has none.
_ON_THE_WAY: Final = frozenset(
    {
        *("web:signing_in", "web:end_session", "web:end_other_sessions"),
        *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn"),
    }
)
_OF_NOBODY: Final = ("account_", "public:", "healthz", "readyz", "metrics")


class Guard:
    """Asks nothing of the database that the page would not ask: who it is, and what they lack."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        changes = request.method == "POST" and (
            name in ASKED_TO_CHANGE or name.startswith(_ADMINISTRATION)
        )
        if changes or name in ASKED_AGAIN:
            return self._first_a_step(request, name) or self._ask_again(request, name)
        return None if name.startswith(_OF_NOBODY) else self._first_a_step(request, name)

    def _first_a_step(self, request: HttpRequest, name: str) -> HttpResponseBase | None:
        """Pages lead to where one is set up; to a program it is said."""
        if name in _ON_THE_WAY or not getattr(request.user, "lacks_second_step", False):
            return None
        if name.startswith("api:"):
            return problems.without_frame(
                403, "Set up a second step of signing in first.", code="second_step_missing"
            )
        return redirect("web:signing_in")

    def _ask_again(self, request: Any, name: str) -> HttpResponseBase | None:
        """To where they prove who they are, and from there back to the page.

        Nothing that was sent is kept meanwhile: it could hold a password, or be what somebody else
        sent at a browser that was left, to be done when its owner comes back. Whoever wrote it is
        shown it, to be copied.
        """
        if not request.user.is_authenticated:
            return None  # the page itself sends strangers to the door
        ways = get_adapter().get_reauthentication_methods(request.user)
        if not _is_due(request, ways):
            return None
        if name.startswith("api:"):
            said = "Sign in again, or call with a token that may administer."
            return problems.without_frame(403, said, code="sign_in_again")
        back, typed = _way_back(request, name), doors.typed_in(request.POST)
        if not ways:
            logout(request)  # of a provider they come in anew: we have nothing to ask them for
        door = ways[0]["url"] if ways else resolve_url(settings.LOGIN_URL)
        door = f"{door}?{urlencode({REDIRECT_FIELD_NAME: back})}"
        return doors.asked_first(request, typed, door=door) if typed else redirect(door)


def _is_due(request: Any, ways: list[dict[str, Any]]) -> bool:
    if ways:
        return bool(reauthentication.is_reauthentication_required(request, app=""))
    return bool(get_adapter().is_reauthentication_required(app=""))


def _way_back(request: HttpRequest, name: str) -> str:
    """What was asked for; of a form that was sent, the page on which it stands."""
    asked, page = request.get_full_path(), _came_from(request)
    if name in files.OF_PEOPLE:
        return files.way_to(asked, back=page)
    return page if request.method == "POST" and page else asked


def _came_from(request: HttpRequest) -> str:
    """The page of ours on which somebody pressed; empty where their browser names none."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return ""
    page = urlsplit(came_from)
    return f"{page.path}?{page.query}" if page.query else page.path
