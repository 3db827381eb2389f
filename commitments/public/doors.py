"""What every customer page does first and last: whose link is it, and the frame around the page.

Customers never sign in; the token in the address is the key. A link that is garbled, out of date,
revoked, or meant for another page gets one and the same answer, so that nobody learns from it what
exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial, wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from commitments import links, messages, spoken
from commitments.models import Brand, CheckIn, Commitment, Customer
from commitments.rules import file_types
from commitments.rules.lifecycle import Status

from . import limits, panels

P = ParamSpec("P")

# Nobody keeps a copy, nobody lists the page, and no other site learns its address.
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


_LARGEST = file_types.LARGEST + 1024 * 1024  # one file, and words beside it
_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError)


class DeadLink(Exception):
    """This token opens nothing, for whatever reason."""


def customer_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Keeps the page private, speaks the customer's language, and answers a dead link.

    Django's own check against forged requests is off here. It wants a cookie, which a customer may
    have refused, and an `Origin`, which browsers hide where the referrer is kept back. The address
    is a secret that no other site knows, and `proof` asks for more where something is saved.
    """

    @wraps(view)
    def framed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = _answered(partial(view, request, *args, **kwargs), request, kwargs)
        for header, value in _PRIVATE.items():
            response[header] = value
        return response

    return csrf_exempt(framed)


def _answered(
    view: Callable[[], HttpResponse], request: HttpRequest, named: Mapping[str, object]
) -> HttpResponse:
    now = timezone.now()
    try:
        limits.count(request, str(named.get("token", "")), now=now)
        _check_size(request)
        return view()
    except DeadLink:
        return _dead(request, now=now)
    except limits.TooOften as no:
        return _busy(request, no)
    except _TOO_MUCH:
        return page(request, "too_much.html", {}, status=413)


def _check_size(request: HttpRequest) -> None:
    """Before any of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > _LARGEST:
        raise RequestDataTooBig
    _ = request.POST  # what is wrong with it is said here, once for all pages


def _dead(request: HttpRequest, *, now: datetime) -> HttpResponse:
    try:
        limits.count_guess(request, now=now)
    except limits.TooOften as no:
        return _busy(request, no)
    return page(request, "gone.html", {}, status=404)


def _busy(request: HttpRequest, no: limits.TooOften) -> HttpResponse:
    response = page(request, "busy.html", {}, status=429)
    response["Retry-After"] = str(no.wait)
    return response


@customer_page
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Any other address beneath ours looks like a dead link."""
    raise DeadLink


def promises_behind(token: str, *, now: datetime) -> tuple[list[Commitment], links.Link]:
    """The promises of a conversation that its customer may see, as their panels read them.

    In the order they were made; none that was a mistake or is hidden. Raises DeadLink where the
    link opens nothing, or there is nothing left to show. One query.
    """
    link = links.read(token, purpose=links.Purpose.STATUS, now=now)
    if link is None:
        raise DeadLink
    rows = panels.read(Commitment.objects.filter(conversation=link.subject))
    found = list(rows.order_by("promised_at", "pk"))
    if not found:
        raise DeadLink
    conversation = found[0].conversation
    version = messages.link_version(conversation.customer, conversation)
    _check(link, conversation.customer, version=version)
    shown = [each for each in found if each.hidden_at is None and each.status != Status.VOID]
    if not shown:
        raise DeadLink
    return shown, link


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
    translation.activate(messages.customer.language_of(customer))


def page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    frame = {"audience": "customer", **context}
    frame["company"] = context.get("company") or Brand.current()
    return render(request, f"commitments/public/{template}", frame, status=status)


def times(
    customer: Customer, *, team_zone: str, link: links.Link, now: datetime
) -> dict[str, object]:
    """What a page needs to say its times; the zone is named where it is not the team's."""
    zone = customer.zone or team_zone
    return {
        "now": now,
        "zone": zone,
        "zone_said": spoken.say_zone(zone) if zone != team_zone else "",
        "expires_at": link.expires_at,
    }
