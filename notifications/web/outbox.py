"""Every mail of an embedded installation, as its reader would see it."""

from __future__ import annotations

from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from notifications import rendering
from notifications.delivery import preparing
from notifications.models import Delivery
from notifications.web import names
from notifications.web.doors import administrators_only, embedded_only, page, pages

_FRAMED = {
    "sandbox": [True],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
}


@require_safe
@embedded_only
@administrators_only
def show(request: HttpRequest) -> HttpResponse:
    """All of them, newest first."""
    mails = Delivery.objects.filter(channel="email").defer("text", "html", "context")
    on_page = pages(request, mails.order_by("-id"))
    context = {
        "page": on_page,
        "mails": [(mail, names.of(mail)) for mail in on_page if isinstance(mail, Delivery)],
        "stays_here": not (settings.EMAIL_URL or settings.NOTIFICATIONS_EMAIL_BACKEND),
    }
    return page(request, "outbox.html", context)


@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # knows of no arguments
@require_safe
@embedded_only
@administrators_only
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: headers, plain text, and the HTML in a frame of its own."""
    mail = get_object_or_404(Delivery, pk=pk, channel="email")
    return page(request, "message.html", {"mail": mail, "words": _words(mail)})


@csp(_FRAMED)  # type: ignore[arg-type]  # knows of no arguments
@require_safe
@never_cache
@embedded_only
@administrators_only
@xframe_options_sameorigin
def html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML alone, in which nothing runs and nothing is fetched."""
    mail = get_object_or_404(Delivery, pk=pk, channel="email")
    return HttpResponse(_words(mail).html)


def _words(mail: Delivery) -> rendering.Words:
    """What was sent; for a staff mail that is still waiting, what would be sent now."""
    if mail.subject or mail.html:
        return rendering.Words(subject=mail.subject, text=mail.text, html=mail.html)
    return preparing.words_of(mail)
