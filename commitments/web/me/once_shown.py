"""What is made here is shown once: by the page that answers the form, and by no other after it.

A key is kept nowhere, also not among the answers that a form sent twice is given again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from commitments.errors import CommitmentError
from commitments.web import doors, once
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer
from commitments.web.settings.parts import PartsForm

_AGAIN = "It was made already, and is shown only once. If it got lost, revoke it and make another."


@dataclass(frozen=True, kw_only=True)
class Given:
    """`secret` is what is copied; `address` the same for the calendar program of this device."""

    title: str
    secret: str
    back: str
    address: str = ""


def given(
    request: StaffRequest, form: PartsForm, make: Callable[[], Given], *, now: datetime
) -> HttpResponse | None:
    """The page with the secret; None where the form says why there is none."""
    if not form.is_valid():
        return None
    made: list[Given] = []

    def act() -> Answer:
        made.append(make())
        return Answer(location=made[0].back, said=_AGAIN)

    try:
        answer = once.only_once(form, user=request.user, now=now, act=act, beside=request.path)
    except CommitmentError as no:
        form.refuse(no)
        return None
    if not made:
        messages.success(request, answer.said)
        return redirect(answer.location)
    context = {"given": made[0], "section": "tokens"}
    return doors.page(request, "me/given.html", context, now=now)
