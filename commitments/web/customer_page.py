"""One customer: what we promised them, whether we kept it, and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from commitments.house import audits, customers
from commitments.models import CheckInAnswer, Commitment, Conversation, Customer, User
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import ratings, saying
from commitments.rules.lifecycle import LIVE, Outcome

from . import doors, new_promise
from .doors import StaffRequest, signed_in
from .lists import all_promises, sorting

_PAGE = 50
_NEWEST = 10  # conversations and answers
_KEPT = (Outcome.ON_TIME, Outcome.MOVED)
_COUNTED = (*_KEPT, Outcome.LATE, Outcome.BROKEN)
_FEWEST = 5  # promises of which a share says anything


@dataclass(frozen=True, kw_only=True)
class Rating:
    """What they answered to a check-in."""

    words: str
    answer: CheckInAnswer


@require_safe
@signed_in
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """Only promises of the reader's teams; whoever is no customer of theirs does not exist."""
    now, user = timezone.now(), request.user
    customer = customer_for(user, pk)
    if customer.pk != pk:  # merged: the old address leads to the new one
        return redirect("web:customer", customer.pk)
    promises = Commitment.objects.visible_to(user).filter(customer=customer)
    current = _page_of(promises, request.GET.get("page"))
    pks = list(current.object_list)
    found = promises.with_everything().defer("due_steps").in_bulk(pks)
    rows = list(all_promises.rows_of([found[each] for each in pks if each in found], now=now))
    context = {
        "customer": customer,
        "language": _language(customer),
        "reaches": customer.pk in audits.reached_by(user, [customer.pk]),
        "has_stopped": customer.has_stopped(now),
        "sentence": sentence(promises, customer, now=now),
        "page": current,
        "open_rows": [row for row in rows if row.promise.is_live],
        "closed_rows": [row for row in rows if not row.promise.is_live],
        "ratings": _ratings(customer, promises),
        "conversations": _conversations(customer, user),
        "form": _quick_form(user, customer, now=now),
        "asked": "",
    }
    return doors.page(request, "customer.html", context, now=now)


def customer_for(user: User, pk: int) -> Customer:
    """Whom one of the reader's teams has spoken with, or owes something that was handed to it."""
    customer = customers.one_seen_by(user, pk)
    if customer is None:
        raise Http404("No such customer.")
    return customer


def sentence(promises: CommitmentQuerySet, customer: Customer, *, now: datetime) -> str:
    """How well we have kept our word towards them, and what is open, in words."""
    counts = promises.order_by().aggregate(
        open=Count("pk", filter=Q(status__in=LIVE)),
        overdue=Count("pk", filter=Q(status="open", due_at__lt=now)),
        kept=Count("pk", filter=Q(outcome__in=_KEPT)),
        ended=Count("pk", filter=Q(outcome__in=_COUNTED)),
    )
    said = _open_in_words(counts["open"], counts["overdue"])
    kept, ended = counts["kept"], counts["ended"]
    if not ended:
        return f"{said} Nothing promised to {customer.first_name} has come to its end yet."
    if kept == ended:
        return f"{said} {_all_kept(ended)}"
    share = f", {100 * kept // ended}%" if ended >= _FEWEST else ""
    were = "was" if kept == 1 else "were"
    return f"{said} {kept} of {ended} promises {were} kept as agreed{share}."


def _open_in_words(live: int, overdue: int) -> str:
    if not live:
        return "Nothing is open."
    said = saying.sentence_case(saying.say_count(live, "promise is open", "promises are open"))
    if not overdue:
        return f"{said}, and none is overdue."
    if overdue == live:
        return f"{said}, and {'it is' if live == 1 else 'all are'} overdue."
    return f"{said}, and {saying.say_count(overdue, 'is', 'are')} overdue."


def _all_kept(ended: int) -> str:
    if ended == 1:
        return "The one promise that has come to its end was kept as agreed."
    return f"All {saying.say_count(ended, 'promise')} that came to an end were kept as agreed."


def _page_of(promises: CommitmentQuerySet, asked: str | None) -> Page[int]:
    """Open ones first, the soonest due on top; then what has ended, the latest on top."""
    listed = sorting.Listed(promises, live=True, closed=True)
    pks = sorting.page(listed, "", start=0, end=sorting.most())
    return Paginator(pks, _PAGE).get_page(asked)


def _ratings(customer: Customer, promises: CommitmentQuerySet) -> list[Rating]:
    answers = CheckInAnswer.objects.filter(
        check_in__customer=customer,
        check_in__items__commitment__in=promises,
    )
    newest = answers.distinct().order_by("-at", "-pk")[:_NEWEST]
    return [Rating(words=ratings.IN_WORDS[answer.rating], answer=answer) for answer in newest]


def _conversations(customer: Customer, user: User) -> QuerySet[Conversation]:
    theirs = Conversation.objects.visible_to(user).filter(customer=customer)
    counted = theirs.select_related("team", "agent").annotate(made=Count("commitments"))
    return counted.order_by("-at", "-pk")[:_NEWEST]


def _language(customer: Customer) -> str:
    try:
        return str(get_language_info(customer.language)["name"])
    except KeyError:
        return customer.language


def _quick_form(user: User, customer: Customer, *, now: datetime) -> object | None:
    if customer.erased_at is not None:
        return None
    return new_promise.quick_form(user, now=now, customer=customer)
