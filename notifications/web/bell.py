from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications.models import InboxItem


def bell(request: HttpRequest) -> dict[str, object]:
    """Context of every page: `unread_reminders`, counted only by a page that shows the bell."""
    return {"unread_reminders": SimpleLazyObject(lambda: _unread(request))}


def _unread(request: HttpRequest) -> int:
    if not request.user.is_authenticated:
        return 0
    return InboxItem.objects.filter(user_id=request.user.pk, read_at__isnull=True).count()
