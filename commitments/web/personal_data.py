"""What is held about one customer: given to an administrator as a file, and erased for good."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.errors import CommitmentError
from commitments.house import account_log
from commitments.models import Commitment, Customer
from commitments.privacy import erasing, exporting

from . import customer_page, doors, fields, once
from .doors import StaffRequest
from .lists import export
from .once import Answer
from .settings import frame

_LONGEST = 150
_NAMED = 10  # open promises, on the page


class EraseForm(fields.SpokenForm):
    """It cannot be taken back: whoever means it writes the name."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Their name, to confirm",
        max_length=_LONGEST,
        error_messages={"required": "Write their name, so that nobody else is erased."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        data: Any = None,  # Any: as Django declares it
        *,
        customer: Customer,
        **given: Any,
    ) -> None:
        super().__init__(data, **given)
        self._customer = customer

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.split() != self._customer.name.split():
            raise forms.ValidationError(f"This customer is called {self._customer.name}.")
        return name


@frame.administrator
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """What erasing comes to, or what stands in its way; POST erases."""
    now = timezone.now()
    customer = _customer(request, pk)
    if customer.pk != pk:
        return redirect("web:personal_data", customer.pk)
    if customer.erased_at is not None:  # by the first of two presses
        return redirect("web:customer", customer.pk)
    if request.method == "POST":
        form = EraseForm(request.POST, customer=customer)
        answer = _erased(request, customer, form, now=now)
        return answer or _page(request, customer, form, now=now)
    form = EraseForm(customer=customer, initial={"once": once.new_key()})
    return _page(request, customer, form, now=now)


@frame.administrator
@require_safe
def download(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """All of it as JSON for programs, or as a page that stands alone."""
    now = timezone.now()
    customer = _customer(request, pk)
    if kind not in ("json", "html"):
        raise Http404("No such file.")
    back = reverse("web:personal_data", args=[customer.pk])
    if too_often := export.refused(request, back=back, now=now):
        return too_often
    record = exporting.everything_about(customer, now=now)
    account_log.note(f"all about customer={customer.pk} given", by_id=request.user.pk)
    if kind == "json":
        text = json.dumps(record, ensure_ascii=False, indent=1)
        answer = HttpResponse(text, content_type="application/json")
    else:
        answer = HttpResponse(exporting.page(record))
    name = f"customer-{customer.pk}-{now:%Y-%m-%d}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _customer(request: StaffRequest, pk: int) -> Customer:
    customer = customer_page.customer_for(request.user, pk)
    if customer.external_source == Customer.OUR_TEAM:
        raise Http404("This is one of our own teams, not a person.")
    return customer


def _erased(
    request: StaffRequest, customer: Customer, form: EraseForm, *, now: datetime
) -> HttpResponse | None:
    def act() -> Answer:
        erasing.erase(customer.pk, by=request.user, now=now)
        account_log.note(f"customer={customer.pk} erased", by_id=request.user.pk)
        said = "Erased: who they were, and every word. Backups made before still have them."
        return Answer(location=reverse("web:customer", args=[customer.pk]), said=said)

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
    request: StaffRequest, customer: Customer, form: EraseForm, *, now: datetime
) -> HttpResponse:
    theirs = Commitment.objects.filter(customer=customer)
    context = {
        "customer": customer,
        "form": form,
        "count": theirs.count(),
        "files": exporting.files_of(customer),
        "owed": theirs.live().order_by("due_at", "pk")[:_NAMED],
    }
    status = 422 if form.errors else 200
    return doors.page(request, "personal_data.html", context, now=now, status=status)
