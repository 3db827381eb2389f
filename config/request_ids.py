"""Whose request, or which task, a line of the log belongs to; and the number a person may quote.

Every answer carries the id of its request, so that what somebody saw is found in the log.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template import loader
from django.utils.functional import empty

HEADER: Final = "X-Request-ID"
KEPT_AS: Final = "request_id"  # of the request itself
USER: Final = "followthrough.user"  # for the web server, which knows nobody
_FITS: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_request: Final[ContextVar[HttpRequest | None]] = ContextVar("request", default=None)
# Each with the request that began it. A process of the pool does one at a time, in several threads.
_tasks: Final[list[tuple[str, str | None]]] = []


def of_request(asked: object = None) -> str | None:
    """Of the one that is being answered, unless another is named; in a task, of what began it."""
    request = asked or _request.get()
    return _of_last_task()[1] if request is None else getattr(request, KEPT_AS, None)


def of_user(asked: object = None) -> int | None:
    """The id of who is signed in, or whose token it is; None where nobody has found out so far.

    A line of the log asks nothing of session and database.
    """
    user = getattr(asked or _request.get(), "user", None)
    is_looked_up = getattr(user, "_wrapped", None) is not empty
    return getattr(user, "pk", None) if is_looked_up else None


def of_task() -> str | None:
    return _of_last_task()[0]


def task_began(task_id: str, *, by_request: str | None = None) -> None:
    _tasks.append((task_id, by_request))


def task_ended(task_id: str) -> None:
    _tasks[:] = [each for each in _tasks if each[0] != task_id]


def _of_last_task() -> tuple[str | None, str | None]:
    last = _tasks[-1:]
    return last[0] if last else (None, None)


class RequestIds:
    """Gives each request an id, or takes that of a proxy of ours."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = _given(request) or uuid.uuid4().hex
        setattr(request, KEPT_AS, given)
        token = _request.set(request)
        try:
            response = self.answer(request)
        finally:
            _request.reset(token)
        request.META[USER] = of_user(request)
        response.headers[HEADER] = given
        return response


def broken(request: HttpRequest) -> HttpResponse:
    """The page, or the problem, of an error of ours. It asks neither database nor session."""
    number = of_request()
    if request.path.startswith("/api/"):
        said = {"type": "about:blank", "title": "Internal Server Error", "status": 500}
        detail = f"That was our fault, and it has been written down. Give {number} if you ask."
        problem = {**said, "code": "error", "detail": detail, "errors": []}
        return JsonResponse(problem, status=500, content_type="application/problem+json")
    page = loader.get_template("500.html").render({"request_id": number})
    return HttpResponse(page, status=500)


def _given(request: HttpRequest) -> str | None:
    """A stranger's id could be that of another request."""
    given = request.headers.get(HEADER, "") if settings.PROXIES else ""
    return given if _FITS.fullmatch(given) else None
