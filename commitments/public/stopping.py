"""A customer wants no more e-mails: GET explains it, POST stops them.

Mail programs have a button of their own for it (RFC 8058): they send one POST, without a cookie and
without having seen the page, and are believed.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import links, messages, services
from commitments.models import Commitment

from . import doors, proof

_ONE_CLICK = ("List-Unsubscribe", "One-Click")


@doors.customer_page
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    promises, link = doors.promises_behind(token, now=now)
    newest = promises[-1]
    about = f"stop:{newest.conversation_id}"
    if request.method != "POST":
        return _form_page(request, token, newest, link, about, now=now)
    name, value = _ONE_CLICK
    if request.POST.get(name) != value:
        seen = proof.read(request.POST.get("value", ""), about, now=now)
        if seen is None or not proof.is_enough(seen, request, now=now):
            return _confirm_page(request, token, newest, link, about, seen, now=now)
    _stop(newest, now=now)
    context = _context(token, newest, link, now=now) | {"has_stopped": True, "just_now": True}
    return doors.page(request, "stop.html", context)


@transaction.atomic
def _stop(newest: Commitment, *, now: datetime) -> None:
    services.stop_mails(newest.conversation, now=now)


def _form_page(
    request: HttpRequest,
    token: str,
    newest: Commitment,
    link: links.Link,
    about: str,
    *,
    now: datetime,
) -> HttpResponse:
    browser = proof.browser_key(request)
    context = _context(token, newest, link, now=now) | {
        "has_stopped": newest.customer.has_stopped(now),
        "value": proof.issue(about, proof.Page.FORM, browser=browser, now=now),
    }
    response = doors.page(request, "stop.html", context)
    return proof.keep_browser_key(response, browser)


def _confirm_page(
    request: HttpRequest,
    token: str,
    newest: Commitment,
    link: links.Link,
    about: str,
    seen: proof.Seen | None,
    *,
    now: datetime,
) -> HttpResponse:
    context = _context(token, newest, link, now=now) | {
        "is_asked_again": True,
        "value": proof.issue(about, proof.Page.CONFIRM, browser="", again=seen, now=now),
    }
    return doors.page(request, "stop.html", context, status=200 if seen else 403)


def _context(
    token: str, newest: Commitment, link: links.Link, *, now: datetime
) -> dict[str, object]:
    return {
        **doors.times(newest.customer, team_zone=newest.due_zone, link=link, now=now),
        "owner": messages.customer.who_owes(newest),
        "status_url": reverse("public:status", args=[token]),
    }
