"""Settings, Webhooks: programs that listen, what each asked for, and what became of it.

A secret is shown on the page that answers its making, and never again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from commitments.errors import CommitmentError
from commitments.house import webhooks
from commitments.house.webhooks import Webhook
from commitments.rules import saying
from commitments.web import once
from commitments.web.doors import StaffRequest
from commitments.web.once import Answer

from . import frame, sure, webhook_fates
from .frame import administrator
from .parts import PartsForm
from .webhook_forms import AgainForm, RenewForm, SinceForm, WebhookForm

P = ParamSpec("P")

_SECTION = "webhooks"
_SHOWN_ALREADY: Final = "Its secret was shown before. Whoever has lost it gives it a new one."


def known(
    view: Callable[Concatenate[StaffRequest, int, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """For administrators; 404 for a program that there is not, or not any more."""

    @administrator
    @never_cache
    @wraps(view)
    def found(request: StaffRequest, /, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, pk, *args, **kwargs)
        except webhooks.Gone:
            raise Http404("No such webhook.") from None

    return found


@administrator
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """Every program, by name; as many queries for many as for one."""
    rows = [webhook_fates.row(webhook) for webhook in webhooks.every()]
    now = timezone.now()
    return frame.page(request, "webhooks.html", {"rows": rows}, section=_SECTION, now=now)


@administrator
@never_cache
def add(request: StaffRequest) -> HttpResponse:
    """A new one. Its secret is shown once, on the page that answers."""
    now = timezone.now()
    form = WebhookForm(request.POST if request.method == "POST" else None)
    made: list[tuple[Webhook, str]] = []

    def act() -> Answer:
        made.append(webhooks.make(form.plan(), by_id=request.user.pk, now=now))
        return _back_to(made[0][0].listener.id, _SHOWN_ALREADY)

    answer = _done(request, form, act, now=now) if form.is_bound else None
    if answer is None:
        return _form_page(request, form, back=reverse("web:webhooks"), now=now)
    if not made:
        return _say(request, answer)
    webhook, secret = made[0]
    return _page(request, webhook, secret=secret, now=now)


@known
@require_safe
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """How it is doing, its secret, and what it was told."""
    return _page(request, webhooks.one(pk), now=timezone.now())


@known
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Its name and address, and what it hears from now on."""
    now, webhook = timezone.now(), webhooks.one(pk)
    form = WebhookForm(request.POST if request.method == "POST" else None, webhook=webhook)

    def act() -> Answer:
        mark = form.cleaned_data["seen"]
        kept = webhooks.edit(pk, form.plan(), seen_mark=mark, by_id=request.user.pk)
        return _back_to(pk, f"{kept.listener.name} is saved. It counts from now on.")

    answer = _done(request, form, act, now=now) if form.is_bound else None
    if answer is not None:
        return _say(request, answer)
    return _form_page(request, form, back=reverse("web:webhook", args=[pk]), now=now)


@known
@require_POST
def press(request: StaffRequest, pk: int) -> HttpResponse:
    """Try it, switch it on, or send it something again."""
    now = timezone.now()
    presses = {"try": _try, "wake": _wake, "again": _again, "since": _since}
    chosen = presses.get(request.POST.get("press", ""))
    return chosen(request, pk, now=now) if chosen else redirect("web:webhook", pk=pk)


@known
def secret(request: StaffRequest, pk: int) -> HttpResponse:
    """Another one, shown once on the page that answers."""
    if request.method != "POST":
        return redirect("web:webhook", pk=pk)
    now, form, made = timezone.now(), RenewForm(request.POST), []

    def act() -> Answer:
        by_id = request.user.pk
        made.append(webhooks.renew(pk, overlap=form.overlap, by_id=by_id, now=now)[1])
        return _back_to(pk, _SHOWN_ALREADY)

    answer = _pressed(request, pk, form, act, now=now)
    return _page(request, webhooks.one(pk), secret=made[0], now=now) if made else answer


@known
def switch_off(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first: what waits for it is taken back."""
    name = webhooks.one(pk).listener.name
    question = sure.Question(
        title=f"Switch off {name}?",
        consequence="It is sent nothing more, and what waits for it is taken back. Steps of"
        " escalation that name it reach nobody there. What happens in the next seven days is kept"
        " for it: you can switch it on again, and send it that then.",
        goes="Switch off",
        back=reverse("web:webhook", args=[pk]),
        section=_SECTION,
    )
    now = timezone.now()

    def act() -> Answer:
        webhooks.switch_off(pk, by_id=request.user.pk, now=now)
        return _back_to(pk, f"{name} is switched off.")

    return sure.ask(request, lambda: question, act, now=now)


@known
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first: what it was told is forgotten with it."""
    name = webhooks.one(pk).listener.name
    question = sure.Question(
        title=f"Delete {name}?",
        consequence="It is forgotten with its secret, and what waits for it is taken back. Steps of"
        " escalation that name it reach nobody there.",
        goes="Delete it",
        back=reverse("web:webhook", args=[pk]),
        section=_SECTION,
    )
    now = timezone.now()

    def act() -> Answer:
        webhooks.delete(pk, by_id=request.user.pk, now=now)
        return Answer(location=reverse("web:webhooks"), said=f"{name} is deleted.")

    return sure.ask(request, lambda: question, act, now=now)


def _try(request: StaffRequest, pk: int, *, now: datetime) -> HttpResponse:
    def act() -> Answer:
        webhooks.try_out(pk, now=now)
        return _back_to(pk, "A test is on its way. What it answers stands below.")

    return _pressed(request, pk, PartsForm(request.POST), act, now=now)


def _wake(request: StaffRequest, pk: int, *, now: datetime) -> HttpResponse:
    def act() -> Answer:
        name = webhooks.switch_on(pk, by_id=request.user.pk).name
        return _back_to(pk, f"{name} is switched on, for what happens from now on.")

    return _pressed(request, pk, PartsForm(request.POST), act, now=now)


def _again(request: StaffRequest, pk: int, *, now: datetime) -> HttpResponse:
    form = AgainForm(request.POST)

    def act() -> Answer:
        again = webhooks.repeat(pk, form.cleaned_data["message"], now=now)
        return _back_to(pk, f"{again.type} is on its way again, under the same id.")

    return _pressed(request, pk, form, act, now=now)


def _since(request: StaffRequest, pk: int, *, now: datetime) -> HttpResponse:
    form = SinceForm(request.POST, zone=request.user.zone, now=now)

    def act() -> Answer:
        also = form.cleaned_data["arrived_too"]
        sent = webhooks.repeat_since(pk, form.at, also_arrived=also, now=now)
        said = f"{saying.say_count(sent.count, 'message')} on the way again."
        if sent.goes_on_at is not None:
            left = saying.say_time(sent.goes_on_at, zone=request.user.zone, now=now)
            said += f" That is as many as go at once: go on from {left}."
        return _back_to(pk, saying.sentence_case(said))

    return _pressed(request, pk, form, act, now=now)


def _back_to(pk: int, said: str) -> Answer:
    return Answer(location=reverse("web:webhook", args=[pk]), said=said)


def _say(request: StaffRequest, answer: Answer) -> HttpResponse:
    messages.success(request, answer.said)
    return redirect(answer.location)


def _done(
    request: StaffRequest, form: PartsForm, act: Callable[[], Answer], *, now: datetime
) -> Answer | None:
    """Done once; None where the form says why it was not."""
    if not form.is_valid():
        return None
    try:
        return once.only_once(form, user=request.user, now=now, act=act)
    except CommitmentError as no:
        form.refuse(no)
        return None


def _pressed(
    request: StaffRequest,
    pk: int,
    form: PartsForm,
    act: Callable[[], Answer],
    *,
    now: datetime,
) -> HttpResponse:
    answer = _done(request, form, act, now=now)
    if answer is not None:
        return _say(request, answer)
    return _page(request, webhooks.one(pk), refused=form, now=now)


def _form_page(
    request: StaffRequest, form: WebhookForm, *, back: str, now: datetime
) -> HttpResponse:
    webhook = form.webhook
    context = {
        "form": form,
        "title": webhook.listener.name if webhook else "New webhook",
        "lede": "A program that is told what happens. Each post is signed with a secret that only"
        " it knows; you are shown that once.",
        "over": "Webhooks",
        "back": back,
        "keeps": "Changes apply to what happens from now on." if webhook else "",
    }
    status = 422 if form.errors else 200
    return frame.page(request, "edit.html", context, section=_SECTION, now=now, status=status)


def _page(
    request: StaffRequest,
    webhook: Webhook,
    *,
    secret: str = "",
    refused: PartsForm | None = None,
    now: datetime,
) -> HttpResponse:
    before = webhook_fates.read(request.GET.get("before", ""))
    fates, older = webhook_fates.of(webhook, before=before)
    context: dict[str, object] = {
        "webhook": webhook,
        "hears": webhook_fates.hears(webhook),
        "secret": secret,
        "form": refused,
        "press": PartsForm(),
        "renew": refused if isinstance(refused, RenewForm) else RenewForm(),
        "since": refused
        if isinstance(refused, SinceForm)
        else SinceForm(zone=request.user.zone, now=now),
        "fates": fates,
        "older": older,
        "is_first": before is None,
        "is_awaited": _is_awaited(fates, now=now),
    }
    status = 422 if refused is not None else 200
    return frame.page(request, "webhook.html", context, section=_SECTION, now=now, status=status)


def _is_awaited(fates: Sequence[webhook_fates.Fate], *, now: datetime) -> bool:
    """Whether something was just asked for whose answer is worth waiting for."""
    return any(fate.is_fresh(now) for fate in fates)
