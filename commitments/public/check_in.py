"""The check-in: GET shows it, POST answers, and then the customer is thanked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments import checkins, links, messages
from commitments.errors import CommitmentError
from commitments.models import Brand, CheckIn, CheckInAnswer, Commitment
from commitments.models.checkin import State

from . import doors, forms, proof

_ASKED = frozenset({State.SENT, State.ANSWERED})


@doors.customer_page
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    check_in, link = _behind(token, now=now)
    if not checkins.takes_answers(check_in, now=now):
        return _closed(request, token)
    if request.method != "POST":
        form = forms.from_link(request.GET)
        return _form_page(request, check_in, link, form, None, now=now)
    form = forms.AnswerForm(request.POST)
    seen = proof.read(request.POST.get("value", ""), check_in.about, now=now)
    if not form.is_valid():
        return _form_page(request, check_in, link, form, seen, now=now)
    if seen is None or not proof.is_enough(seen, request, now=now):
        return _confirm_page(request, check_in, form, seen, now=now)
    try:
        _answer(request, check_in, form, seen, now=now)
    except CommitmentError:  # it was closed in the meantime
        return _closed(request, token)
    return redirect("public:thanks", token=token)


def _closed(request: HttpRequest, token: str) -> HttpResponse:
    """Who comes back to look is thanked; who sends something is told that it was not saved."""
    if request.method != "POST":
        return redirect("public:thanks", token=token)
    return doors.page(request, "closed.html", {}, status=409)


@doors.customer_page
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    check_in, link = _behind(token, now=now)
    if not CheckInAnswer.objects.filter(check_in=check_in).exists():
        return redirect("public:check_in", token=token)
    newest = check_in.commitments()[-1]
    follow_up, brand = checkins.follow_up_of(check_in), Brand.current()
    context = {
        "company": brand,
        **doors.times(check_in.customer, team_zone=newest.due_zone, link=link, now=now),
        "customer": check_in.customer.first_name,
        "follow_up": follow_up if follow_up is not None and follow_up.is_live else None,
        "owner": messages.customer.who_owes(follow_up, brand) if follow_up is not None else "",
        "status_path": messages.status_path(newest.conversation, now=now),
        "stop_path": _stop_path(newest, now=now),
    }
    return doors.page(request, "thanks.html", context)


def _behind(token: str, *, now: datetime) -> tuple[CheckIn, links.Link]:
    check_in, link = doors.check_in_behind(token, now=now)
    if check_in.state not in _ASKED or not check_in.items.exists():
        raise doors.DeadLink
    return check_in, link


def _stop_path(newest: Commitment, *, now: datetime) -> str:
    return f"{messages.status_path(newest.conversation, now=now)}stop/"


def _form_page(
    request: HttpRequest,
    check_in: CheckIn,
    link: links.Link,
    form: forms.AnswerForm,
    seen: proof.Seen | None,
    *,
    now: datetime,
) -> HttpResponse:
    """The questions; after a mistake the same ones again, with all that was filled in."""
    browser = proof.browser_key(request)
    commitments, brand = check_in.commitments(), Brand.current()
    newest = commitments[-1]
    context = {
        "company": brand,
        **doors.times(check_in.customer, team_zone=newest.due_zone, link=link, now=now),
        "customer": check_in.customer.first_name,
        "promises": [(each, messages.customer.how_it_ended(each)) for each in commitments],
        "owner": messages.customer.who_owes(newest, brand),
        "answered": check_in.state == State.ANSWERED,
        "doubted": check_in.state == State.ANSWERED and checkins.is_doubted(check_in),
        "answer_within": messages.customer.answer_within(),
        "stop_path": _stop_path(newest, now=now),
        "form": form,
        "value": proof.issue(check_in.about, proof.Page.FORM, browser=browser, again=seen, now=now),
    }
    status = 422 if form.is_bound else 200
    response = doors.page(request, "check_in.html", context, status=status)
    return proof.keep_browser_key(response, browser)


def _confirm_page(
    request: HttpRequest,
    check_in: CheckIn,
    form: forms.AnswerForm,
    seen: proof.Seen | None,
    *,
    now: datetime,
) -> HttpResponse:
    """Asks once more. The answer keeps its one-time value, so that both ways save it once."""
    context = {
        "form": form,
        "value": proof.issue(check_in.about, proof.Page.CONFIRM, browser="", again=seen, now=now),
    }
    return doors.page(request, "confirm.html", context, status=200 if seen else 403)


@transaction.atomic
def _answer(
    request: HttpRequest,
    check_in: CheckIn,
    form: forms.AnswerForm,
    seen: proof.Seen,
    *,
    now: datetime,
) -> None:
    """Save the answer, unless this very one has been saved already."""
    if proof.is_first_use(seen, check_in.about, now=now):
        browser = request.COOKIES.get(proof.COOKIE) or seen.nonce
        # Two customers who share a browser are not to be told from the hash.
        reply = form.reply(browser_key=f"{check_in.about}:{browser}")
        checkins.answer(check_in.pk, reply, now=now)
