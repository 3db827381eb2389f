"""What the bell shows, in full."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notifications.models import InboxItem
from notifications.web.doors import page, pages, reader_id, signed_in


@require_safe
@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """My reminders, newest first, each with the way to what it is about."""
    mine = InboxItem.objects.filter(user_id=reader_id(request)).order_by("-created_at", "-id")
    context = {
        "page": pages(request, mine.select_related("delivery")),
        "unread": mine.filter(read_at__isnull=True).count(),
    }
    return page(request, "reminders.html", context)


@require_POST
@signed_in
def read(request: HttpRequest) -> HttpResponse:
    """I have seen all of them."""
    unread = InboxItem.objects.filter(user_id=reader_id(request), read_at__isnull=True)
    unread.update(read_at=timezone.now())
    return redirect("notifications:reminders")
