"""Which request, or which task, a line of the log belongs to; and the number a person may quote.

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

HEADER: Final = "X-Request-ID"
KEPT_AS: Final = "request_id"  # of the request itself
_FITS: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_request: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
# A process of the pool does one task at a time, in several threads.
_tasks: Final[list[str]] = []


def of_request() -> str | None:
    return _request.get()


def of_task() -> str | None:
    return _tasks[-1] if _tasks else None


def task_began(task_id: str) -> None:
    _tasks.append(task_id)


def task_ended(task_id: str) -> None:
    if task_id in _tasks:
        _tasks.remove(task_id)


class RequestIds:
    """Gives each request an id, or takes that of a proxy of ours."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = _given(request) or uuid.uuid4().hex
        setattr(request, KEPT_AS, given)
        token = _request.set(given)
        try:
            response = self.answer(request)
        finally:
            _request.reset(token)
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
