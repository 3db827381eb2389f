"""Programs that come by plain http are refused, people are sent on to https.

Sent on, a program would work, and nobody would notice that its token is heard on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from commitments.api import problems

_OF_PROGRAMS: Final = ("/api/v1/", "/hooks/")


class HttpsForPrograms:
    """403 with a sentence where only https is served."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asks = settings.SECURE_SSL_REDIRECT and request.path_info.startswith(_OF_PROGRAMS)
        if asks and not request.is_secure():
            detail = "Call this by https. What was sent by http can be read on the way."
            return problems.without_frame(403, f"{detail} Replace the token.", code="https_only")
        return self.answer(request)
