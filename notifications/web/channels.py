"""Settings, Channels: how each is doing, and the programs that listen for webhooks.

A secret is shown on the page that answers its making, and never again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from notifications import lengths, outbox, sealing
from notifications.channels import addresses, endpoints
from notifications.envelope import Message, encodable, one_line
from notifications.models import Endpoint
from notifications.web import channel_states
from notifications.web.doors import page, reader_id, signed_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

_BY_HAND = "Switched off by an administrator."
_LONGEST_NAME, _LONGEST_ADDRESS = 120, 2_000


def administrator(view: View[P]) -> View[P]:
    """Everybody else may never open these addresses, and is told so."""

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not getattr(request.user, "is_superuser", False):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


class EndpointForm(forms.Form):
    """A name and an address; everything else follows."""

    name = forms.CharField(
        label="Name", max_length=10_000, help_text="Such as Help desk. It is said in escalation.",
        error_messages={"required": "Give it a name."},
    )  # fmt: skip
    url = forms.CharField(
        label="Address", max_length=10_000,
        help_text="Begins with https://. Webhooks are posted there, signed.",
        error_messages={"required": "Give the address at which it listens."},
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: as Django declares it
        *,
        endpoint: Endpoint | None = None,
    ) -> None:
        first = {"name": endpoint.name, "url": endpoint.url} if endpoint else None
        super().__init__(data, initial=first, label_suffix="")
        self.endpoint = endpoint

    def clean_name(self) -> str:
        name = one_line(encodable(str(self.cleaned_data["name"]).replace("\0", "")))
        if not name:
            raise forms.ValidationError("Give it a name.")
        if len(name) > _LONGEST_NAME:
            raise forms.ValidationError(f"Keep the name to {_LONGEST_NAME} characters.")
        others = Endpoint.objects.all()
        if self.endpoint is not None:
            others = others.exclude(pk=self.endpoint.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(f"There is one called {name} already.")
        return name

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if len(url) > _LONGEST_ADDRESS or not url.isprintable():
            raise forms.ValidationError("This is no address that webhooks can be posted to.")
        if self.endpoint is None or url != self.endpoint.url:
            try:
                addresses.check(url, patience=lengths.current().connect)
            except (addresses.Refused, addresses.Unknown) as error:
                raise forms.ValidationError(str(error)) from error
        return url


@administrator
@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest) -> HttpResponse:
    """As many queries for many endpoints as for one."""
    context = {
        "section": "channels",
        "channels": channel_states.channels(timezone.now()),
        "webhooks": channel_states.webhooks(),
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


@administrator
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One endpoint, or a new one, whose secret is shown once."""
    endpoint = get_object_or_404(Endpoint, pk=pk) if pk is not None else None
    form = EndpointForm(request.POST if request.method == "POST" else None, endpoint=endpoint)
    if form.is_bound and form.is_valid():
        kept = _kept(form, endpoint)
        if kept is not None and endpoint is None:
            return _page(request, kept, EndpointForm(endpoint=kept), secret=_secret(kept))
        if kept is not None:
            messages.success(request, f"{kept.name} is saved.")
            return redirect("notifications:channels")
    return _page(request, endpoint, form)


def _kept(form: EndpointForm, endpoint: Endpoint | None) -> Endpoint | None:
    """None where somebody else took the name in this very moment."""
    said = form.cleaned_data
    if endpoint is None:
        endpoint = Endpoint(secret=sealing.seal(endpoints.new_secret()), made_at=timezone.now())
    endpoint.name, endpoint.url = said["name"], said["url"]
    try:
        with transaction.atomic():
            endpoint.save(update_fields=["name", "url"] if endpoint.pk else None)
    except IntegrityError:
        form.add_error("name", f"There is one called {said['name']} already.")
        return None
    return endpoint


@administrator
@never_cache
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Try it, give it another secret, or switch it on."""
    now, endpoint = timezone.now(), get_object_or_404(Endpoint, pk=pk)
    press = request.POST.get("press", "")
    if press == "renew":
        secret = endpoints.renew_secret(endpoint, now=now)
        return _page(request, endpoint, EndpointForm(endpoint=endpoint), secret=secret)
    if press == "try" and endpoint.disabled_at is None:
        outbox.enqueue([endpoints.trial(endpoint, now=now)], now=now)
        messages.success(request, "A message is on its way. Look here again shortly.")
    if press == "wake":
        endpoints.switch_on(endpoint)
        messages.success(request, f"{endpoint.name} is switched on, for what happens from now on.")
    return redirect("notifications:endpoint", pk=pk)


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks before it is switched off: what waits for it is taken back."""
    endpoint = get_object_or_404(Endpoint, pk=pk)
    if request.method == "POST":
        if endpoint.disabled_at is None:
            endpoints.rest_by_hand(endpoint, _BY_HAND, now=timezone.now())
        messages.success(request, f"{endpoint.name} is switched off.")
        return redirect("notifications:channels")
    context = {"section": "channels", "endpoint": endpoint}
    return page(request, "endpoint_rest.html", context)


def _secret(endpoint: Endpoint) -> str:
    return sealing.unseal(endpoint.secret)


def _page(
    request: HttpRequest, endpoint: Endpoint | None, form: EndpointForm, *, secret: str = ""
) -> HttpResponse:
    until = endpoint.previous_until if endpoint else None
    context: dict[str, object] = {
        "section": "channels",
        "endpoint": endpoint,
        "form": form,
        "secret": secret,
        "recent": channel_states.recent(endpoint) if endpoint else [],
        "old_until": until if until and until > timezone.now() else None,
    }
    answer = page(request, "endpoint.html", context)
    answer.status_code = 422 if form.errors else 200
    return answer
