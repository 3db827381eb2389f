"""Settings, Help desks: which of them make promises, and what is to be done there.

A secret that we made is shown on the page that answers its making, and never again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments.helpdesks import connecting, systems
from commitments.models import HelpDesk
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame, sure
from .frame import administrator
from .help_desk_forms import HelpDeskForm, SecretForm

_SECTION = "help-desks"


@dataclass(frozen=True, kw_only=True)
class Row:
    """`misses` is what keeps it from being heard."""

    desk: HelpDesk
    system: str
    misses: str


@administrator
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Every help desk, as many queries for many as for one."""
    found = HelpDesk.objects.select_related("team").order_by("name")
    rows = [Row(desk=desk, system=_called(desk), misses=_misses(desk)) for desk in found]
    offered = ", ".join(system.name for system in systems.known().values())
    context = {"rows": rows, "offered": offered}
    return frame.page(request, "help_desks.html", context, section=_SECTION, now=timezone.now())


@never_cache
@administrator
def edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """One help desk with what is to be done there, or a new one."""
    now = timezone.now()
    desk = get_object_or_404(HelpDesk, pk=pk) if pk is not None else None
    form = HelpDeskForm(request.POST if request.method == "POST" else None, desk=desk)
    if request.method == "POST":
        answer = frame.saved(
            request, form, partial(_save, form, desk, by_id=request.user.pk, now=now), now=now
        )
        if answer is not None:
            return answer
    return _page(request, desk, form, SecretForm(), now=now)


def _save(form: HelpDeskForm, desk: HelpDesk | None, *, by_id: int, now: datetime) -> Answer:
    if desk is None:
        made = connecting.make(form.plan(), by_id=by_id, now=now)
        return _back(made, f"{made} is added. Give it its secret, and then follow the steps.")
    kept = connecting.edit(desk.pk, form.plan(), seen_mark=form.cleaned_data["seen"], by_id=by_id)
    return _back(kept, f"{kept} is saved.")


@never_cache
@administrator
def secret(request: StaffRequest, pk: int) -> HttpResponse:
    """The secret that its system made is kept, or one of ours is made and shown once."""
    now, desk = timezone.now(), get_object_or_404(HelpDesk, pk=pk)
    if request.method != "POST":
        return redirect("web:help_desk", pk=pk)
    system = systems.known().get(desk.system)
    if system is not None and not system.makes_secret:
        made = connecting.new_secret(pk, by_id=request.user.pk)
        desk.refresh_from_db()
        return _page(request, desk, HelpDeskForm(desk=desk), SecretForm(), secret=made, now=now)
    form = SecretForm(request.POST)
    answer = frame.saved(request, form, partial(_give, form, desk, by_id=request.user.pk), now=now)
    return answer or _page(request, desk, HelpDeskForm(desk=desk), form, now=now)


def _give(form: SecretForm, desk: HelpDesk, *, by_id: int) -> Answer:
    kept = connecting.give_secrets(desk.pk, form.given(), by_id=by_id)
    return _back(kept, "The secret is kept.")


@administrator
def switch_off(request: StaffRequest, pk: int) -> HttpResponse:
    now, desk = timezone.now(), get_object_or_404(HelpDesk, pk=pk)

    def act() -> Answer:
        off = connecting.switch_off(pk, by_id=request.user.pk, now=now)
        return _back(off, f"{desk} is switched off.")

    return sure.ask(request, lambda: _if_off(desk), act, now=now)


@administrator
def switch_on(request: StaffRequest, pk: int) -> HttpResponse:
    now, desk = timezone.now(), get_object_or_404(HelpDesk, pk=pk)

    def act() -> Answer:
        on = connecting.switch_on(pk, by_id=request.user.pk)
        return _back(on, f"{desk} is listened to again.")

    return sure.ask(request, lambda: _if_on(desk), act, now=now)


@administrator
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    now, desk = timezone.now(), HelpDesk.objects.filter(pk=pk).first()
    if desk is None:  # pressed twice
        return redirect("web:help_desks")

    def act() -> Answer:
        connecting.delete(pk, by_id=request.user.pk)
        return Answer(location=reverse("web:help_desks"), said=f"{desk} is deleted.")

    return sure.ask(request, lambda: _if_deleted(desk), act, now=now)


def _if_off(desk: HelpDesk) -> sure.Question:
    return _question(
        desk,
        title=f"Switch {desk} off?",
        consequence="Its webhooks are refused from now on. What was promised stays as it is.",
        goes="Switch off",
    )


def _if_on(desk: HelpDesk) -> sure.Question:
    return _question(
        desk,
        title=f"Switch {desk} on?",
        consequence="Its webhooks make promises again. What it posted meanwhile is not made up.",
        goes="Switch on",
    )


def _if_deleted(desk: HelpDesk) -> sure.Question:
    return _question(
        desk,
        title=f"Delete {desk}?",
        consequence="Its secret and its address are gone for good. Promises and links stay.",
        goes="Delete it",
    )


def _question(desk: HelpDesk, *, title: str, consequence: str, goes: str) -> sure.Question:
    back = reverse("web:help_desk", args=[desk.pk])
    return sure.Question(
        title=title, consequence=consequence, goes=goes, back=back, section=_SECTION
    )


def _back(desk: HelpDesk, said: str) -> Answer:
    return Answer(location=reverse("web:help_desk", args=[desk.pk]), said=said)


def _page(
    request: StaffRequest,
    desk: HelpDesk | None,
    form: HelpDeskForm,
    secret_form: SecretForm,
    *,
    now: datetime,
    secret: str = "",
) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "title": str(desk) if desk else "New help desk",
        "lede": "What agents promise in its internal notes is logged here, with a link back.",
        "over": "Help desks",
        "back": reverse("web:help_desks"),
        "is_retired": "Switched off: its webhooks are refused." if desk and desk.off_at else "",
    }
    if desk is not None:
        context |= _connection(desk, secret_form, secret=secret)
    status = 422 if form.errors or secret_form.errors else 200
    return frame.page(request, "help_desk.html", context, section=_SECTION, now=now, status=status)


def _connection(desk: HelpDesk, form: SecretForm, *, secret: str) -> dict[str, object]:
    turn = (
        ("Switch on", "switch_help_desk_on")
        if desk.off_at
        else ("Switch off", "switch_help_desk_off")
    )
    ways = (turn, ("Delete", "delete_help_desk"))
    return {
        "desk": desk,
        "system": systems.known().get(desk.system),
        "misses": _misses(desk),
        "hook": f"{settings.PUBLIC_URL}{reverse('hooks:help_desk', args=[desk.pk])}",
        "secret": secret,
        "secret_form": form,
        "ways_out": [(said, reverse(f"web:{name}", args=[desk.pk])) for said, name in ways],
    }


def _called(desk: HelpDesk) -> str:
    system = systems.known().get(desk.system)
    return system.name if system else desk.system


def _misses(desk: HelpDesk) -> str:
    if desk.off_at is not None:
        return "Off"
    if desk.system not in systems.known():
        return "No longer understood"
    return "" if desk.secrets else "No secret yet"
