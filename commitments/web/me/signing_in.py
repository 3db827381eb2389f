"""How somebody signs in, and where they are signed in: with a way to end it there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from commitments.house import sessions
from commitments.web import doors
from commitments.web.doors import StaffRequest, signed_in


@never_cache
@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """This browser first, then whichever was used last."""
    now, here = timezone.now(), request.session.session_key
    everywhere = list(sessions.of(request.user.pk, now=now))
    context = {
        "here": [each for each in everywhere if each.session_key == here],
        "elsewhere": [each for each in everywhere if each.session_key != here],
        "section": "signing-in",
    }
    return doors.page(request, "me/signing_in.html", context, now=now)


@require_POST
@signed_in
def end(request: StaffRequest, mark: str) -> HttpResponse:
    """One of one's own. One that ended before is ended all the same."""
    sessions.end(request.user.pk, mark, now=timezone.now())
    messages.success(request, "You are signed out there.")
    return redirect("web:signing_in")


@require_POST
@signed_in
def end_others(request: StaffRequest) -> HttpResponse:
    """All but this one."""
    sessions.end_all(request.user.pk, but=request.session.session_key)
    messages.success(request, "You are signed in here only.")
    return redirect("web:signing_in")
