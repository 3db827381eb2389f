"""What a mail provider tells us of the mails we gave it: one address for each provider.

Anymail knows the providers' signatures and words. Its views would announce each event by a Django
signal; we ask them for the events instead, and call what should happen.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from anymail import urls as providers
from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import outbox
from notifications.channels import dsn, verp
from notifications.channels.backend import NAMED
from notifications.envelope import Bounce, one_line

logger = logging.getLogger(__name__)

_RETURNED = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})
_UNWANTED = frozenset({EventType.COMPLAINED, EventType.UNSUBSCRIBED})
# The provider itself sends nothing more to these, so neither need we.
_CLOSED = frozenset({RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.UNSUBSCRIBED})


@csrf_exempt
@require_http_methods(["POST", "HEAD"])  # some providers look first whether anybody is there
def mail(request: HttpRequest, provider: str) -> HttpResponse:
    """What is not signed is refused; what is about no message of ours is ignored."""
    view = _view(provider)
    if request.method == "HEAD":
        return HttpResponse()
    try:
        view.setup(request)
        view.run_validators(request)
        events = view.parse_events(request)
    except AnymailWebhookValidationFailure:
        return HttpResponse("This is not signed as we agreed.", status=401)
    except (AnymailError, ArithmeticError, AssertionError, LookupError, TypeError) as error:
        return _unreadable(provider, error)
    except (AttributeError, ValueError) as error:
        return _unreadable(provider, error)
    _take(events, now=timezone.now())
    return HttpResponse()


def _view(provider: str) -> AnymailCoreWebhookView:
    """Anymail's view for a provider with whom a secret has been agreed; Http404 for any other.

    Without a secret anymail would only warn, and believe everybody.
    """
    agreed = any(
        name == "WEBHOOK_SECRET"
        or (name.startswith(f"{provider.upper()}_") and ("WEBHOOK" in name or "SIGNING" in name))
        for name, value in settings.ANYMAIL.items()
        if value
    )
    for pattern in providers.urlpatterns if agreed else ():
        if pattern.name == f"{provider}_tracking_webhook":
            view: AnymailCoreWebhookView = pattern.callback.view_class()
            return view
    raise Http404


def _unreadable(provider: str, error: Exception) -> HttpResponse:
    logger.warning("A callback of %s cannot be read: %s", provider, type(error).__name__)
    return HttpResponse("This cannot be read.", status=400)


def _take(events: Iterable[Any], *, now: datetime) -> None:  # Any: anymail carries no types
    for event in events:
        if not isinstance(event, AnymailTrackingEvent):
            continue
        ours, theirs = _our_name(event), str(event.message_id or "")
        at, kind = event.timestamp or now, _kind(event)
        if event.event_type == EventType.DELIVERED:
            outbox.arrived(ours, provider_id=theirs, at=at, now=now)
        elif kind is not None:
            reason = _reason(event)
            outbox.bounced(ours, provider_id=theirs, kind=kind, reason=reason, at=at, now=now)


def _our_name(event: AnymailTrackingEvent) -> int | None:
    """The delivery, where the provider keeps our name of it; it knows even what is in doubt."""
    kept = event.metadata if isinstance(event.metadata, dict) else {}
    return verp.delivery_named(str(kept.get(NAMED, "")))


def _kind(event: AnymailTrackingEvent) -> Bounce | None:
    """None for what is no complaint and has not come back, and for words of tomorrow."""
    if event.event_type in _UNWANTED:
        return Bounce.COMPLAINT
    if event.event_type not in _RETURNED:
        return None
    # What the far server said is more exact than any provider's word for it.
    is_closed = dsn.is_no_address(_reason(event))
    if is_closed is None:
        is_closed = event.reject_reason in _CLOSED
    return Bounce.HARD if is_closed else Bounce.SOFT


def _reason(event: AnymailTrackingEvent) -> str:
    said = event.mta_response or event.description or event.reject_reason or event.event_type
    return one_line(str(said))[:500]
