"""What a customer does on their page: GET explains it, POST acts.

Nothing here needs script, a cookie or a sign-in; `proof` sees to it that a person pressed it.
Two who press it at once, or one who presses it twice, have done it once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import lengths, links, messages
from commitments.errors import CommitmentError
from commitments.models import Commitment
from commitments.rules import reference

from . import actions, doors, histories, proof
from .deed_forms import FORMS, DeedForm


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that may be done about one promise; `about` names both, for the proof."""

    name: str
    token: str
    link: links.Link
    commitment: Commitment

    @property
    def about(self) -> str:
        return f"{self.name}:{self.commitment.pk}"

    def form(self, request: HttpRequest, *, shown_at: datetime) -> DeedForm:
        sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        return FORMS[self.name](*sent, commitment=self.commitment, shown_at=shown_at)


@doors.customer_page
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str, deed: str) -> HttpResponse:
    now = timezone.now()
    promises, link = doors.promises_behind(token, now=now)
    shown = histories.of(promises, now=now)
    commitment, history = _meant(request, shown)
    if commitment is None or history is None:
        return redirect("public:status", token=token)
    what = Deed(name=deed, token=token, link=link, commitment=commitment)
    if not actions.of(commitment, history, now=now).offers(deed) and deed != "reply":
        return _too_late(request, token)
    if request.method != "POST":
        form = what.form(request, shown_at=now)
        return _form_page(request, what, form, None, now=now)
    return _take(request, what, now=now)


def _take(request: HttpRequest, deed: Deed, *, now: datetime) -> HttpResponse:
    seen = proof.read(request.POST.get("value", ""), deed.about, now=now)
    form = deed.form(request, shown_at=seen.at if seen else now)
    if not form.is_valid():
        return _form_page(request, deed, form, seen, now=now)
    if seen is None or not proof.is_enough(seen, request, now=now):
        return _confirm_page(request, deed, form, seen, now=now)
    try:
        _do(deed, form, seen, now=now)
    except CommitmentError:
        return _too_late(request, deed.token)
    return redirect(f"{reverse('public:status', args=[deed.token])}?said={deed.name}")


@transaction.atomic
def _do(deed: Deed, form: DeedForm, seen: proof.Seen, *, now: datetime) -> None:
    """Unless this very page has been sent already."""
    if proof.is_first_use(seen, deed.about, now=now):
        form.act(now=now)


def _meant(
    request: HttpRequest, shown: list[tuple[Commitment, histories.History]]
) -> tuple[Commitment, histories.History] | tuple[None, None]:
    """The promise named in the address, or the only one; DeadLink where there is no such here."""
    asked = request.GET.get("about", "")
    if not asked:
        return shown[0] if len(shown) == 1 else (None, None)
    pk = reference.read(asked)
    for commitment, history in shown:
        if commitment.pk == pk:
            return commitment, history
    raise doors.DeadLink


def _form_page(
    request: HttpRequest, deed: Deed, form: DeedForm, seen: proof.Seen | None, *, now: datetime
) -> HttpResponse:
    """What it is about, what is asked, and the button; after a mistake all that was written."""
    browser = proof.browser_key(request)
    value = proof.issue(deed.about, proof.Page.FORM, browser=browser, again=seen, now=now)
    context = {
        **_frame(deed, now=now),
        "form": form,
        "value": value,
        "owner": messages.customer.who_owes(deed.commitment),
        "answer_by": _answer_by(deed.commitment, now=now) if form.is_answered else None,
    }
    status = 422 if form.is_bound else 200
    response = doors.page(request, "deed.html", context, status=status)
    return proof.keep_browser_key(response, browser)


def _confirm_page(
    request: HttpRequest, deed: Deed, form: DeedForm, seen: proof.Seen | None, *, now: datetime
) -> HttpResponse:
    """Asks once more. What is sent keeps its one-time value, so that both ways do it once."""
    value = proof.issue(deed.about, proof.Page.CONFIRM, browser="", again=seen, now=now)
    context = {**_frame(deed, now=now), "form": form, "value": value}
    return doors.page(request, "confirm_deed.html", context, status=200 if seen else 403)


def _frame(deed: Deed, *, now: datetime) -> dict[str, object]:
    commitment = deed.commitment
    return {
        **doors.times(commitment.customer, team_zone=commitment.due_zone, link=deed.link, now=now),
        "commitment": commitment,
        "has_stopped": commitment.customer.has_stopped(now),
        "stop_path": reverse("public:stop", args=[deed.token]),
        "status_url": reverse("public:status", args=[deed.token]),
    }


def _answer_by(commitment: Commitment, *, now: datetime) -> datetime | None:
    try:
        hours = commitment.team.calendar.hours()
        return hours.add(now, lengths.current().still_open_within)
    except CommitmentError:  # a team that never opens
        return None


def _too_late(request: HttpRequest, token: str) -> HttpResponse:
    """It stands differently by now: their page says how."""
    context = {"status_url": reverse("public:status", args=[token])}
    return doors.page(request, "too_late.html", context, status=409)
