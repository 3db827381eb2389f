"""Services, for administrators: what each is called, where it acts, and its tokens."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from commitments.house import service_accounts
from commitments.house.service_accounts import Service
from commitments.web import doors
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer
from commitments.web.settings import frame
from commitments.web.settings.frame import administrator

from . import tokens
from .token_forms import ServiceForm


@administrator
def new(request: StaffRequest) -> HttpResponse:
    """A program that is to act under a name of its own."""
    now = timezone.now()
    form = ServiceForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (
        answer := frame.saved(request, form, partial(_make, request, form), now=now)
    ):
        return answer
    context: dict[str, object] = {
        "title": "New service",
        "lede": "A help desk, a mail room, a script: a program that acts under its own name and"
        " not as one of you. It never signs in, and keeps no promise itself.",
        "goes": "Add the service",
        "back": reverse("web:tokens"),
    }
    return tokens.form_page(request, context, form=form, now=now)


def _make(request: StaffRequest, form: ServiceForm) -> Answer:
    made = service_accounts.make(
        name=form.cleaned_data["name"], teams=form.team_ids, by_id=request.user.pk
    )
    where = reverse("web:service", args=[made.pk])
    return Answer(location=where, said=f"{made} is in. Make a token for it below.")


@administrator
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One of them."""
    now, service = timezone.now(), _one(pk)
    form = ServiceForm(request.POST if request.method == "POST" else None, service=service)
    save = partial(_save, request, form, service)
    if form.is_bound and (answer := frame.saved(request, form, save, now=now, beside=str(pk))):
        return answer
    context = {
        "form": form,
        "service": service.user,
        "tokens": tokens.rows_of(service.tokens, now=now),
        "section": "tokens",
    }
    status = 422 if form.is_bound else 200
    return doors.page(request, "me/service.html", context, now=now, status=status)


def _save(request: StaffRequest, form: ServiceForm, service: Service) -> Answer:
    said = form.cleaned_data
    kept = service_accounts.edit(
        service.user,
        name=said["name"],
        teams=form.team_ids,
        seen_mark=said["seen"],
        by_id=request.user.pk,
    )
    return Answer(location=reverse("web:service", args=[kept.pk]), said=f"{kept} is saved.")


@never_cache
@administrator
def new_token(request: StaffRequest, pk: int) -> HttpResponse:
    """A token of one of them."""
    back = reverse("web:service", args=[pk])
    return tokens.token_page(request, owner=_one(pk).user, back=back, now=timezone.now())


@require_POST
@administrator
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    """Off, until somebody switches it on again; pressed twice, it stays so."""
    user, on = _one(pk).user, request.POST.get("press") == "on"
    service_accounts.switch(user, on=on, by_id=request.user.pk)
    does = "does its work again" if on else "is switched off: none of its tokens opens anything"
    messages.success(request, f"{user} {does}.")
    return redirect("web:service", pk=pk)


def _one(pk: int) -> Service:
    found = service_accounts.every(only=pk)
    if not found:
        raise Http404("There is no such service.")
    return found[0]
