"""Messages that failed or may have arrived, until a person has said what to do about each."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notifications import outbox
from notifications.models import Delivery
from notifications.web.doors import administrators_only, page, pages, reader_id


@require_safe
@administrators_only
def show(request: HttpRequest) -> HttpResponse:
    """The longest waiting first."""
    waiting = Delivery.objects.needing_attention().defer("html", "context")
    return page(request, "attention.html", {"page": pages(request, waiting.order_by("settled_at"))})


@require_POST
@administrators_only
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it once more. Pressed twice, it is sent once."""
    with transaction.atomic():
        waiting = Delivery.objects.needing_attention().select_for_update()
        delivery = get_object_or_404(waiting, pk=pk)
        outbox.resend(delivery.pk, now=timezone.now())
    messages.success(request, f"“{delivery.subject}” is sent again.")
    return redirect("notifications:attention")


@require_POST
@administrators_only
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """It has been seen to in some other way."""
    waiting = Delivery.objects.needing_attention()
    delivery = get_object_or_404(waiting, pk=pk)
    waiting.filter(pk=pk).attend(by_id=reader_id(request), now=timezone.now())
    messages.success(request, f"“{delivery.subject}” is settled.")
    return redirect("notifications:attention")
