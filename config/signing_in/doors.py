"""The doors of signing in: who tries too often waits, and while nobody counts nobody gets in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account import views as accounts
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from redis import RedisError

from commitments.house import account_log

_TOO_MANY: Final = "too_many_login_attempts"


def counted(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuses where the cache is away in which tries are counted: nobody guesses meanwhile."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (RedisError, OSError):
            account_log.note("nobody counts tries, so signing in is refused")
            return _wait(render(request, "503.html", status=503), "30")

    return guarded


def too_often(request: HttpRequest) -> HttpResponse:
    """Whoever asks for one of these pages too often; allauth calls it."""
    account_log.note("asked too often")
    return _wait(render(request, "429.html", status=429), "60")


class SaysTooMany:
    """A form that was tried too often is answered as what it is, for programs, too."""

    def form_invalid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # of the view
        fields = (NON_FIELD_ERRORS, *form.fields)
        if any(form.has_error(name, _TOO_MANY) for name in fields):
            account_log.note("tried too often")
            answer.status_code = 429
            return _wait(answer, "300")
        return answer


def _wait(answer: HttpResponse, seconds: str) -> HttpResponse:
    answer["Retry-After"] = seconds
    return answer


class SignIn(SaysTooMany, accounts.LoginView):  # type: ignore[misc]  # allauth carries no types
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the name of the single sign-on, if there is one."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"single_sign_on": settings.OIDC_NAME if settings.OIDC_URL else ""}


class SayItAgain(SaysTooMany, accounts.ReauthenticateView):  # type: ignore[misc]
    pass


class ChangePassword(SaysTooMany, accounts.PasswordChangeView):  # type: ignore[misc]
    pass
