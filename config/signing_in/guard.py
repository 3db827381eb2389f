"""Between a session and a page: what a page that hands out keys asks once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# Whoever sits down at a browser that somebody left must not take a key away with them, or let
# somebody else in. A page of another kind joins here by its name.
ASKED_AGAIN: Final = frozenset(
    {
        *("web:new_token", "web:new_feed", "web:new_service", "web:service_token"),
        *("web:new_webhook", "web:edit_webhook"),
        *("web:new_help_desk", "web:help_desk", "web:help_desk_secret"),
        *("web:invite", "notifications:give-address", "account_change_password"),
        "web:personal_data_file",
    }
)
# To be looked at they ask nothing.
ASKED_TO_CHANGE: Final = frozenset({"web:person", "web:switch_off", "web:personal_data"})


class Guard:
    """Reads the session only where it is about to be asked; no page has one query more."""

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
        changes = request.method == "POST" and name in ASKED_TO_CHANGE
        return self._ask_again(request) if changes or name in ASKED_AGAIN else None

    def _ask_again(self, request: Any) -> HttpResponseBase | None:
        """To the page that asks for the password, and from there on, with what was sent."""
        if not request.user.is_authenticated:
            return None  # the page itself sends strangers to the door
        if not reauthentication.is_reauthentication_required(request, app=""):
            return None
        ways = get_adapter().get_reauthentication_methods(request.user)
        answer: HttpResponseBase = reauthentication.suspend_request(request, ways[0]["url"])
        return answer
