"""A customer who stopped all mail asked on the phone for what matters: a page that asks first."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import Customer
from commitments.models.people import KEEPING

from . import customer_page, doors, fields, once
from .doors import StaffRequest, signed_in
from .once import Answer


class WriteAgainForm(fields.SpokenForm):
    """Nothing is asked; the key keeps a double press from being two."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    customer = customer_page.customer_for(request.user, pk)
    if not doors.roles_of(request.user) & set(KEEPING):
        raise Http404("Nothing to be done here.")
    if request.method != "POST":
        form = WriteAgainForm(initial={"once": once.new_key()})
        return _page(request, customer, form, now=now)
    form = WriteAgainForm(request.POST)
    answer = _done(request, customer, form, now=now)
    return answer or _page(request, customer, form, now=now)


def _done(
    request: StaffRequest, customer: Customer, form: WriteAgainForm, *, now: datetime
) -> HttpResponse | None:
    def act() -> Answer:
        services.write_after_all(customer.pk, by=request.user, now=now)
        said = f"{customer.first_name} gets e-mails about what matters again."
        page = reverse("web:customer", args=[customer.pk])
        return Answer(location=page, said=said, about=[customer.pk])

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
    request: StaffRequest, customer: Customer, form: WriteAgainForm, *, now: datetime
) -> HttpResponse:
    context = {"customer": customer, "form": form, "has_stopped": customer.has_stopped(now)}
    status = 422 if form.errors else 200
    return doors.page(request, "write_again.html", context, now=now, status=status)
