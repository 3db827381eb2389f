"""Two entries of one customer: the other is found, chosen, and all of it comes to this one."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import services
from commitments.errors import CommitmentError
from commitments.house import audits
from commitments.house import customers as house
from commitments.models import Customer, User

from . import customer_page, customers, doors, fields, once
from .doors import StaffRequest, signed_in
from .once import Answer

_MOST = 10
_LONGEST = 200


class MergeForm(fields.SpokenForm):
    """Whose entry it is too, among those that were found."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    q = forms.CharField(max_length=_LONGEST, required=False, widget=forms.HiddenInput)
    other = forms.ChoiceField(
        label="Which one is the same person?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the entry that is the same person."},
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """Those who look alike, or what `q` finds; POST merges the chosen one into this one."""
    now = timezone.now()
    customer = customer_page.customer_for(request.user, pk)
    if customer.pk != pk:
        return redirect("web:merge_customer", customer.pk)
    reached = audits.reached_by(request.user, [customer.pk])
    if not reached or customer.erased_at is not None:
        raise Http404("Nothing to be done here.")
    asked = request.POST if request.method == "POST" else request.GET
    asked_for = " ".join(asked.get("q", "").replace("\0", "").split())[:_LONGEST]
    found = _found(customer, asked_for, user=request.user)
    if request.method == "POST":
        form = MergeForm(request.POST)
        fields.offer(form, "other", _choices(found))
        answer = _merged(request, customer, form, now=now)
        return answer or _page(request, customer, form, asked_for, found, now=now)
    form = MergeForm(initial={"once": once.new_key(), "q": asked_for})
    fields.offer(form, "other", _choices(found))
    return _page(request, customer, form, asked_for, found, now=now)


def _found(customer: Customer, asked_for: str, *, user: User) -> list[Customer]:
    """Nobody but whom the reader may call, and not this one."""
    if asked_for:
        found = customers.matching(asked_for, teams=doors.teams_of(user, acting=True))
        return [each for each in found if each != customer][:_MOST]
    alike = Q(called=customer.name.lower())
    if customer.email:
        alike |= Q(folded=customer.email.lower())
    if customer.phone:
        alike |= Q(phone=customer.phone)
    rows = (
        house.seen_by(user, acting=True)
        .people()
        .annotate(called=Lower("name"), folded=Lower("email"))
    )
    return list(rows.filter(alike).exclude(pk=customer.pk).order_by("pk")[:_MOST])


def _choices(found: list[Customer]) -> list[tuple[str, str]]:
    return [(str(each.pk), _told_apart(each)) for each in found]


def _told_apart(customer: Customer) -> str:
    known = (customer.name, customer.email, customer.phone, customer.external_id)
    return ", ".join(each for each in known if each)


def _merged(
    request: StaffRequest, customer: Customer, form: MergeForm, *, now: datetime
) -> HttpResponse | None:
    def act() -> Answer:
        gone = int(form.cleaned_data["other"])
        stays = services.merge(gone, into_id=customer.pk, by=request.user, now=now)
        said = f"What was entered twice is one now: {stays.name}."
        page = reverse("web:customer", args=[stays.pk])
        return Answer(location=page, said=said, about=[gone, stays.pk])

    if not form.is_valid():
        return None
    try:
        answer = once.only_once(form, user=request.user, now=now, act=act)
    except CommitmentError as no:
        form.add_error(None, str(no))
        return None
    messages.success(request, answer.said)
    return redirect(answer.location)


def _page(
    request: StaffRequest,
    customer: Customer,
    form: MergeForm,
    asked_for: str,
    found: list[Customer],
    *,
    now: datetime,
) -> HttpResponse:
    context = {"customer": customer, "form": form, "asked_for": asked_for, "found": found}
    status = 422 if form.errors else 200
    return doors.page(request, "merge_customer.html", context, now=now, status=status)
