"""Messages that failed or may have arrived, until a person has said what to do about each."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notifications import outbox
from notifications.web.doors import attended, page, pages, reader_id, signed_in


@require_safe
@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """The longest waiting first."""
    waiting = attended(request).defer("html", "context")
    return page(request, "attention.html", {"page": pages(request, waiting.order_by("settled_at"))})


@require_POST
@signed_in
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it once more. Pressed twice, it is sent once."""
    with transaction.atomic():
        waiting = attended(request).select_for_update()
        delivery = get_object_or_404(waiting, pk=pk)
        outbox.resend(delivery.pk, now=timezone.now())
    messages.success(request, f"“{delivery.subject}” is sent again.")
    return redirect("notifications:attention")


@require_POST
@signed_in
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """It has been seen to in some other way."""
    waiting = attended(request)
    delivery = get_object_or_404(waiting, pk=pk)
    waiting.filter(pk=pk).attend(by_id=reader_id(request), now=timezone.now())
    messages.success(request, f"“{delivery.subject}” is settled.")
    return redirect("notifications:attention")
