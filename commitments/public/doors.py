"""What every customer page does first and last: whose link is it, and the frame around the page.

Customers never sign in; the token in the address is the key. A link that is garbled, out of date,
revoked, or meant for another page gets one and the same answer, so that nobody learns from it what
exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from commitments import links, messages
from commitments.models import CheckIn, Conversation, Customer
from commitments.rules import saying

P = ParamSpec("P")

# Nobody keeps a copy, nobody lists the page, and no other site learns its address.
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class DeadLink(Exception):
    """This token opens nothing, for whatever reason."""


def customer_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Keeps the page private, and answers a dead link.

    Django's own check against forged requests is off here. It wants a cookie, which a customer may
    have refused, and an `Origin`, which browsers hide where the referrer is kept back. The address
    is a secret that no other site knows, and `proof` asks for more where something is saved.
    """

    @wraps(view)
    def framed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except DeadLink:
            response = page(request, "gone.html", {}, status=404)
        for header, value in _PRIVATE.items():
            response[header] = value
        return response

    return csrf_exempt(framed)


@customer_page
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Any other address beneath ours looks like a dead link."""
    raise DeadLink


def conversation_behind(token: str, *, now: datetime) -> tuple[Conversation, links.Link]:
    """Raises DeadLink."""
    link = links.read(token, purpose=links.Purpose.STATUS, now=now)
    found = link and Conversation.objects.select_related("customer").filter(pk=link.subject).first()
    if not link or not found:
        raise DeadLink
    _check(link, found.customer, version=messages.link_version(found.customer, found))
    return found, link


def check_in_behind(token: str, *, now: datetime) -> tuple[CheckIn, links.Link]:
    """Raises DeadLink."""
    link = links.read(token, purpose=links.Purpose.CHECK_IN, now=now)
    found = link and CheckIn.objects.select_related("customer").filter(pk=link.subject).first()
    if not link or not found:
        raise DeadLink
    _check(link, found.customer, version=messages.link_version(found.customer))
    return found, link


def _check(link: links.Link, customer: Customer, *, version: str) -> None:
    if link.version != version or customer.erased_at is not None:
        raise DeadLink


def page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    company = {
        "name": settings.COMPANY_NAME,
        "phone": settings.COMPANY_PHONE,
        "email": settings.COMPANY_EMAIL,
    }
    frame = {"company": company, "audience": "customer", **context}
    return render(request, f"commitments/public/{template}", frame, status=status)


def times(
    customer: Customer, *, team_zone: str, link: links.Link, now: datetime
) -> dict[str, object]:
    """What a page needs to say its times; the zone is named where it is not the team's."""
    zone = customer.zone or team_zone
    return {
        "now": now,
        "zone": zone,
        "zone_said": saying.say_zone(zone) if zone != team_zone else "",
        "expires_at": link.expires_at,
    }
