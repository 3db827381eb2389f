"""How somebody signs in, and where they are signed in: with a way to end it there."""

from __future__ import annotations

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from commitments.house import second_steps, sessions
from commitments.web import doors
from commitments.web.doors import StaffRequest, signed_in


@never_cache
@signed_in
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """This browser first, then whichever was used last."""
    now, here = timezone.now(), request.session.session_key
    steps = list(second_steps.of(request.user.pk))
    everywhere = list(sessions.of(request.user.pk, now=now))
    context = {
        "here": [each for each in everywhere if each.session_key == here],
        "elsewhere": [each for each in everywhere if each.session_key != here],
        "app": _one(steps, Authenticator.Type.TOTP),
        "passkeys": [each for each in steps if each.type == Authenticator.Type.WEBAUTHN],
        "codes_left": _codes_left(_one(steps, Authenticator.Type.RECOVERY_CODES)),
        "lacks": getattr(request.user, "lacks_second_step", False),
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


def _one(steps: list[Authenticator], kind: str) -> Authenticator | None:
    return next((each for each in steps if each.type == kind), None)


def _codes_left(codes: Authenticator | None) -> int | None:
    """Of those that were shown; None where there are none to recover with."""
    if codes is None:
        return None
    used: int = codes.data.get("used_mask", 0)
    left: int = app_settings.RECOVERY_CODE_COUNT - used.bit_count()
    return left
