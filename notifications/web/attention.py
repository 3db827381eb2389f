"""Messages that failed or may have arrived, until a person has said what to do about each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from notifications import outbox
from notifications.channels import contacts, endpoints
from notifications.delivery import leases
from notifications.envelope import Shown, one_line
from notifications.models import Delivery
from notifications.web import names
from notifications.web.doors import attended, page, pages, reader_id, signed_in

_LONGEST_NOTE = 500


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A message that waits for a person, and what it is about, where that can be shown."""

    delivery: Delivery
    called: str
    address: str
    shown: Shown | None
    instead: str


@require_safe
@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """The longest waiting first."""
    waiting = attended(request).defer("html", "context").order_by("settled_at", "pk")
    on_page = pages(request, waiting)
    context = {
        "page": on_page,
        "waiting": list(_with_subjects(on_page)),
        "may_edit": getattr(request.user, "is_superuser", False),
    }
    return page(request, "attention.html", context)


@require_POST
@signed_in
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it once more. Pressed twice, it is sent once."""
    with transaction.atomic():
        waiting = attended(request).select_for_update()
        delivery = get_object_or_404(waiting, pk=pk)
        try:
            outbox.resend(delivery.pk, now=timezone.now())
        except (outbox.Stale, outbox.Unwanted) as no:
            messages.error(request, str(no))
        else:
            messages.success(request, f"“{names.called(delivery)}” is sent again.")
    return _back(request)


@require_POST
@signed_in
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """It has been seen to in some other way, which a note may tell."""
    delivery = get_object_or_404(attended(request), pk=pk)
    note = one_line(request.POST.get("note", "").replace("\0", ""))[:_LONGEST_NOTE]
    try:
        outbox.attend(delivery.pk, by_id=reader_id(request), note=note, now=timezone.now())
    except outbox.StillUnderWay as no:
        messages.error(request, str(no))
    else:
        messages.success(request, f"“{names.called(delivery)}” is settled.")
    return _back(request)


def _with_subjects(page_of: Iterable[object]) -> Iterator[Waiting]:
    rows = [row for row in page_of if isinstance(row, Delivery)]
    shown = leases.subject().shown([row.about for row in rows])
    return (
        Waiting(
            delivery=row,
            called=names.called(row),
            address=_address(row),
            shown=shown.get(row.about),
            instead=outbox.instead(row),
        )
        for row in rows
    )


def _address(delivery: Delivery) -> str:
    """A program is told by its name."""
    is_program = delivery.channel == endpoints.CHANNEL
    return "" if is_program else contacts.readable(delivery.channel, delivery.address)


def _back(request: HttpRequest) -> HttpResponse:
    """To where the button was pressed."""
    asked = request.POST.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return redirect(asked)
    return redirect("notifications:attention")
