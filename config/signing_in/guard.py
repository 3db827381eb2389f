"""Between a session and a page: who must set up a second step first, and who is asked once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from commitments.api import problems

# Whoever sits down at a browser that somebody left must not take a key away with them, or let
# somebody else in. A page of another kind joins here by its name.
ASKED_AGAIN: Final = frozenset(
    {
        *("web:new_token", "web:new_feed", "web:new_service", "web:service_token"),
        *("web:new_webhook", "web:edit_webhook", "web:webhook_secret"),
        *("web:new_help_desk", "web:help_desk", "web:help_desk_secret"),
        *("web:personal_data_file", "web:sign_in_rules"),
        *("web:invite", "notifications:give-address", "account_change_password"),
    }
)
# To be looked at they ask nothing.
ASKED_TO_CHANGE: Final = frozenset({"web:person", "web:switch_off", "web:personal_data"})
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
            return self._first_a_step(request, name) or self._ask_again(request)
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

    def _ask_again(self, request: Any) -> HttpResponseBase | None:
        """To the page that asks for the password, and from there on, with what was sent."""
        if not request.user.is_authenticated:
            return None  # the page itself sends strangers to the door
        if not reauthentication.is_reauthentication_required(request, app=""):
            return None
        ways = get_adapter().get_reauthentication_methods(request.user)
        answer: HttpResponseBase = reauthentication.suspend_request(request, ways[0]["url"])
        return answer
