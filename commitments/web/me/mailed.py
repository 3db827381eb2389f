"""Reports by mail: what somebody gets and when, a new one, and no more of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from commitments import mailings
from commitments.errors import CommitmentError
from commitments.mailings import asking
from commitments.models import Schedule, User
from commitments.reports.scope import NotFound, ReportError, Scope
from commitments.rules import saying
from commitments.web import doors, once
from commitments.web.doors import StaffRequest, signed_in
from commitments.web.once import Answer

from . import mailed_forms
from .mailed_forms import SubscribeForm, WeeklyForm


@dataclass(frozen=True, kw_only=True)
class Mailed:
    """One that somebody gets: in words, and the page it tells of."""

    schedule: Schedule
    title: str
    about: str
    when: str
    url: str


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest) -> HttpResponse:
    """What comes by mail; a manager chooses the mail of the week here."""
    now, user = timezone.now(), request.user
    weekly = mailings.weekly_of(user)
    if request.method != "POST":
        return _page(request, WeeklyForm.as_set(weekly, once=once.new_key()), weekly, now=now)
    form = WeeklyForm(request.POST)
    if form.is_valid():
        try:
            act = partial(_choose, form, user=user, now=now)
            answer = once.only_once(form, user=user, now=now, act=act)
        except CommitmentError as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, answer.said)
            return redirect(answer.location)
    return _page(request, form, weekly, now=now, status=422)


def _choose(form: WeeklyForm, *, user: User, now: datetime) -> Answer:
    at, weekday = form.chosen_at, form.cleaned_data["weekday"]
    chosen = mailings.choose_weekly(user, at=at, weekday=weekday, now=now)
    said = "Your week comes by mail no more."
    if chosen.next_at is not None:
        first = saying.say_time(chosen.next_at, zone=user.zone, now=now)
        said = f"Your week comes by mail, next {first}."
    return Answer(location=reverse("web:mailed"), said=said)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: StaffRequest) -> HttpResponse:
    """`?report=kept&team=3`: what the page of a report shows, on a schedule."""
    now, report = timezone.now(), request.GET.get("report", "")
    asked = {name: request.GET.get(name, "")[: asking.LONGEST] for name in asking.CHOICES}
    scope = _scope(request, report, asked, now=now)
    if request.method != "POST":
        initial = {"once": once.new_key(), "every": mailings.MONDAY, "at": mailings.EIGHT}
        return _form_page(request, SubscribeForm(initial=initial), report, scope, now=now)
    form = SubscribeForm(request.POST)
    if form.is_valid():
        try:
            act = partial(_subscribe, form, report, asked, user=request.user, now=now)
            beside = f"{report} {sorted(asked.items())!r}"
            answer = once.only_once(form, user=request.user, now=now, act=act, beside=beside)
        except CommitmentError as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, answer.said)
            return redirect(answer.location)
    return _form_page(request, form, report, scope, now=now, status=422)


def _scope(request: StaffRequest, report: str, asked: Mapping[str, str], *, now: datetime) -> Scope:
    """Whom they may not see does not exist for them, nor does a report that nobody writes."""
    if report not in mailings.REPORTS:
        raise Http404("There is no such report.")
    doors.roles_of(request.user)  # reads the memberships, once for all
    try:
        return Scope.of(request.user, asked, now)
    except (NotFound, ReportError) as no:
        raise Http404("There is no such team, colleague or kind here.") from no


def _subscribe(
    form: SubscribeForm, report: str, asked: Mapping[str, str], *, user: User, now: datetime
) -> Answer:
    wish = mailings.Wish(
        report=report, asked=asked, at=form.cleaned_data["at"], weekday=form.weekday
    )
    made = mailings.subscribe(user, wish, now=now)
    first = saying.say_time(made.next_at or now, zone=user.zone, now=now)
    title = mailings.REPORTS[report].title
    return Answer(location=reverse("web:mailed"), said=f"{title} comes by mail, first {first}.")


@require_POST
@signed_in
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    """Anybody else's does not exist; stopped twice, it stays stopped."""
    if mailings.stop(request.user, pk):
        messages.success(request, "It comes no more.")
    return redirect("web:mailed")


def _page(
    request: StaffRequest,
    form: WeeklyForm,
    weekly: Schedule | None,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "weekly": weekly,
        "manages": mailings.manages(request.user),
        "mailed": _all_of(mailings.of(request.user)),
        "section": "mailed",
    }
    return doors.page(request, "me/mailed.html", context, now=now, status=status)


def _form_page(
    request: StaffRequest,
    form: SubscribeForm,
    report: str,
    scope: Scope,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "title": mailings.REPORTS[report].title,
        "about": asking.said(scope, has_days=False),
        "back_url": f"{reverse(f'web:{report}')}?{scope.query()}",
    }
    return doors.page(request, "me/mail_report.html", context, now=now, status=status)


def _all_of(found: Sequence[Schedule]) -> list[Mailed]:
    """As many queries for many as for one."""
    chosen = [pair for each in found for pair in asking.read(each.asks)[1].items()]
    names = asking.names_of(chosen)
    return [_mailed(each, names) for each in found]


def _mailed(each: Schedule, names: Mapping[tuple[str, str], str]) -> Mailed:
    report, asked = asking.read(each.asks)
    query = each.asks.partition("?")[2]
    about = [names[pair] for pair in asked.items() if pair in names]
    return Mailed(
        schedule=each,
        title=mailings.REPORTS[report].title,
        about=", ".join(about) or asking.ALL,
        when=mailed_forms.when(each),
        url=f"{reverse(f'web:{report}')}{f'?{query}' if query else ''}",
    )
