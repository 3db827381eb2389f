"""Mails that a provider has taken in for us: one address for each provider that may deliver some.

Anymail knows how each provider signs and words them. Its views would announce a mail by a Django
signal; we ask them for it instead. A provider that is told anything but 200 delivers again for
hours, so that is said only where it helps: while the database is away.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from anymail import urls as providers
from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailInboundEvent
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.core.exceptions import (
    ImproperlyConfigured,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commitments import inbound
from commitments.inbound import lengths_within

logger = logging.getLogger(__name__)

_LARGEST: Final = 15 * 1024 * 1024  # a mail of 10 MB, as base64 within JSON
_TOO_MUCH: Final = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
_UNREADABLE: Final = (
    AnymailError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImproperlyConfigured,  # anymail's word for a call that was meant for another address
    LookupError,
    MultiPartParserError,
    RuntimeError,
    SuspiciousOperation,
    TypeError,
    ValueError,
)


@csrf_exempt
@require_http_methods(["POST", "HEAD"])  # some providers look first whether anybody is there
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """What is not signed is refused; what is signed is taken, dropped or set aside."""
    view = _view(provider)
    if request.method == "HEAD":
        return HttpResponse()
    now = timezone.now()
    try:
        _read_whole(request)
        view.setup(request)
        view.run_validators(request)
    except _TOO_MUCH:
        logger.warning("What %s delivered is too large to be read.", provider)
        inbound.turn_away(now=now)
        return HttpResponse("This is too large.", status=413)
    except AnymailWebhookValidationFailure:
        return HttpResponse("This is not signed as we agreed.", status=401)
    except _UNREADABLE as error:
        logger.warning("A call of %s cannot be read: %s", provider, type(error).__name__)
        return HttpResponse("This cannot be read.", status=400)
    try:
        _take(view, request, provider, now=now)
    except (InterfaceError, OperationalError, OSError):
        # Some providers keep files, or the mail, until we ask for them.
        logger.exception("A mail of %s has to wait for the database, or the provider.", provider)
        return HttpResponse("Come again.", status=503, headers={"Retry-After": "60"})
    return HttpResponse()


def _view(provider: str) -> AnymailCoreWebhookView:
    """Anymail's view for a provider that may deliver mails here; Http404 for any other."""
    if provider not in settings.INBOUND_PROVIDERS:
        raise Http404
    names = (f"{provider}_inbound_webhook", f"{provider}_webhook")
    pattern = next(each for each in providers.urlpatterns if each.name in names)
    try:
        view: AnymailCoreWebhookView = pattern.callback.view_class()
    except ImproperlyConfigured as error:
        logger.error("Mails of %s cannot be taken: %s", provider, error)  # noqa: TRY400
        raise Http404 from error
    return view


def _read_whole(request: HttpRequest) -> None:
    """Let this one door take more than Django lets all take; raises RequestDataTooBig."""
    body = request.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise RequestDataTooBig
    request._body = body


def _take(
    view: AnymailCoreWebhookView, request: HttpRequest, provider: str, *, now: datetime
) -> None:
    try:
        lengths_within.check(request)
        events = list(view.parse_events(request))
    except lengths_within.TooLong as no:
        inbound.set_aside(request.body, why=str(no), counts_as="too large", now=now)
        return
    except _UNREADABLE as error:
        why = f"What {provider} delivered cannot be read: {type(error).__name__}."
        inbound.set_aside(request.body, why=why, now=now)
        return
    for message in _mails(events):
        recipient = message.envelope_recipient
        if message.envelope_sender == "" and "Return-Path" not in message:
            message["Return-Path"] = "<>"
        named = recipient if isinstance(recipient, str) else ""
        inbound.take(message, recipient=named, now=now)


def _mails(events: list[Any]) -> Iterator[Any]:  # Any: anymail carries no types
    for event in events:
        if isinstance(event, AnymailInboundEvent) and event.message is not None:
            yield event.message
