"""How somebody is reached: what goes by which way, when it may disturb, and the morning digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST, require_safe

from notifications import reaching
from notifications.channels import contacts
from notifications.models import ContactPoint
from notifications.models.contact import PROVED
from notifications.reaching import EMAIL, WORDS, Reader, Refused
from notifications.web.doors import page, reader_id, signed_in
from notifications.web.reaching_forms import AddressForm, CodeForm, DigestForm, WishesForm


class Digests(Protocol):
    """Who gets a digest, and when. Named by the setting NOTIFICATIONS_DIGESTS."""

    def at(self, user_id: int) -> time | None:
        """The local time of this person's digest; None where they get none."""

    def choose(self, user_id: int, *, at: time | None, now: datetime) -> None:
        """From now on at this time of their own zone, or never."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way as the page shows it."""

    channel: str
    words: str
    address: str
    point: ContactPoint | None
    waiting: str  # the address that has not been proved yet
    wishes: forms.Form | None
    new: forms.Form | None
    code: forms.Form | None


@require_safe
@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """My ways, and what goes by each."""
    return _page(request)


@require_POST
@signed_in
def wish(request: HttpRequest, channel: str) -> HttpResponse:
    """Say what goes by one way, and when."""
    reader = _reader(request)
    point = reaching.proved(reaching.ways(reader), _known(channel))
    form = WishesForm(request.POST, channel=channel, point=point, zone=reader.zone)

    def act() -> str:
        reaching.wish(reader, channel, form.wishes(), now=timezone.now())
        return f"{WORDS[channel]}: saved."

    return _done_or_said(request, form, act)


@require_POST
@signed_in
def give_address(request: HttpRequest, channel: str) -> HttpResponse:
    """Send a code to a new address."""
    form = AddressForm(request.POST, channel=_personal(channel))

    def act() -> str:
        address = reaching.whole_address(channel, form.cleaned_data["address"])
        reaching.give_address(_reader(request), channel, address, now=timezone.now())
        return "A code is on its way. Type it in below."

    return _done_or_said(request, form, act)


@require_POST
@signed_in
def prove(request: HttpRequest, channel: str) -> HttpResponse:
    """Type in the code."""
    form = CodeForm(request.POST, channel=_personal(channel))

    def act() -> str:
        code = form.cleaned_data["code"]
        reaching.prove(_reader(request), channel, code, now=timezone.now())
        return f"{WORDS[channel]}: this address is used from now on."

    return _done_or_said(request, form, act)


@require_POST
@signed_in
def give_up(request: HttpRequest, channel: str) -> HttpResponse:
    """Be reached no more at an address."""
    try:
        reaching.give_up(_reader(request), _personal(channel))
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, f"{WORDS[channel]}: this address is forgotten.")
    return redirect("notifications:ways")


@require_POST
@signed_in
def digest(request: HttpRequest) -> HttpResponse:
    """The morning digest: on or off, and when."""
    now, pk = timezone.now(), reader_id(request)
    form = DigestForm(request.POST, at=_digests().at(pk))

    def act() -> str:
        at = form.cleaned_data["at"] if form.cleaned_data["is_on"] else None
        _digests().choose(pk, at=at, now=now)
        return f"Your digest comes at {at:%H:%M}." if at else "You get no digest."

    return _done_or_said(request, form, act)


def _done_or_said(request: HttpRequest, form: forms.Form, act: Callable[[], str]) -> HttpResponse:
    """Do it, or show the page again with what is wrong and all that was typed."""
    if form.is_valid():
        try:
            messages.success(request, act())
            return redirect("notifications:ways")
        except Refused as no:
            form.add_error(no.field, str(no))
    return _page(request, failed=form, status=422)


def _page(
    request: HttpRequest, *, failed: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    reader = _reader(request)
    points = reaching.ways(reader)
    by_prefix: dict[str | None, forms.Form] = {failed.prefix: failed} if failed else {}
    context: Mapping[str, object] = {
        "ways": [_way(channel, reader, points, by_prefix) for channel in (EMAIL, *PROVED)],
        "digest": by_prefix.get("digest") or DigestForm(at=_digests().at(reader.pk)),
        "form": failed,
    }
    answer = page(request, "ways.html", context)
    answer.status_code = status
    return answer


def _way(
    channel: str,
    reader: Reader,
    points: Sequence[ContactPoint],
    failed: Mapping[str | None, forms.Form],
) -> Way:
    point = reaching.proved(points, channel)
    theirs = [each for each in points if each.channel == channel and channel != EMAIL]
    waiting = next((each for each in theirs if not each.is_proved), None)
    wishes = WishesForm(channel=channel, point=point, zone=reader.zone)
    new, code = AddressForm(channel=channel), CodeForm(channel=channel)
    return Way(
        channel=channel,
        words=WORDS[channel],
        address=reader.email if channel == EMAIL else _shown(point),
        point=point,
        waiting=_shown(waiting),
        wishes=failed.get(wishes.prefix, wishes) if point or channel == EMAIL else None,
        new=failed.get(new.prefix, new) if channel != EMAIL else None,
        code=failed.get(code.prefix, code) if waiting else None,
    )


def _shown(point: ContactPoint | None) -> str:
    """By its end: the rest may be a password."""
    return contacts.masked(point.address) if point else ""


def _reader(request: HttpRequest) -> Reader:
    if not request.user.is_authenticated:
        raise PermissionDenied
    person = request.user
    return Reader(
        pk=reader_id(request),
        email=person.email,
        name=person.name,
        first_name=person.first_name,
        language=person.language,
        zone=person.zone,
    )


def _digests() -> Digests:
    named: Digests = import_string(settings.NOTIFICATIONS_DIGESTS)
    return named


def _known(channel: str) -> str:
    if channel not in WORDS:
        raise Http404
    return channel


def _personal(channel: str) -> str:
    """A channel whose address somebody gives us; e-mail goes to the account's own."""
    if channel not in PROVED:
        raise Http404
    return channel
