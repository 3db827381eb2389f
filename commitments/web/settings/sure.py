"""Asks before it is done: a page of its own that names the consequence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse

from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame
from .parts import PartsForm


@dataclass(frozen=True, kw_only=True)
class Question:
    """`goes` is said on the button; `back` is where Cancel leads."""

    title: str
    consequence: str
    goes: str
    back: str
    section: str


def ask(
    request: StaffRequest,
    question: Callable[[], Question],
    act: Callable[[], Answer],
    *,
    now: datetime,
) -> HttpResponse:
    """The question, or what its answer led to. Pressed twice, it is done once."""
    form = PartsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        answer = frame.saved(request, form, act, now=now)
        if answer is not None:
            return answer
    asked = question()
    return frame.page(
        request,
        "sure.html",
        {"question": asked, "form": form},
        section=asked.section,
        now=now,
        status=422 if form.is_bound else 200,
    )
