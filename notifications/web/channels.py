"""Settings, Channels: how each is doing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from notifications import outbox
from notifications.envelope import Message
from notifications.models import Endpoint
from notifications.web import channel_states
from notifications.web.doors import page, reader_id, signed_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def administrator(view: View[P]) -> View[P]:
    """Everybody else may never open these addresses, and is told so."""

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not getattr(request.user, "is_superuser", False):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@administrator
@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest) -> HttpResponse:
    context = {
        "section": "channels",
        "channels": channel_states.channels(timezone.now()),
        "listening": Endpoint.objects.count(),
        "failing": Endpoint.objects.exclude(failing_since=None, disabled_at=None).count(),
        "has_outbox": settings.EMBEDDED,
    }
    return page(request, "channels.html", context)


@administrator
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """A mail to whoever asks for it; pressed twice within a minute, it is one."""
    now = timezone.now()
    person: Any = request.user  # Any: the house's own model of a user
    message = Message(
        key=f"user:{reader_id(request)}:test_mail:{now:%Y%m%d%H%M}",
        about=f"user:{reader_id(request)}",
        audience="staff",
        person_id=reader_id(request),
        channel="email",
        address=person.email,
        name=person.name,
        template="test_mail",
        context={
            "person": person.first_name,
            "company": settings.COMPANY_NAME,
            "url": settings.PUBLIC_URL + reverse("notifications:channels"),
        },
        not_before=now,
        language=person.language,
    )
    outbox.enqueue([message], now=now)
    messages.success(request, f"A mail to {person.email} is on its way. Look here again shortly.")
    return redirect("notifications:channels")
