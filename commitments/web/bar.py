"""The bar on top of every page: where this person can go, and how much is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from commitments.messages import reminders
from commitments.models import Commitment, Role, User

from . import attention, doors


@dataclass(frozen=True, kw_only=True)
class Item:
    label: str
    url: str
    is_current: bool
    overdue: int = 0


@dataclass(frozen=True, kw_only=True)
class Bar:
    items: tuple[Item, ...] = ()
    overdue: int = 0
    unread: int = 0
    sees_to_messages: bool = False
    attention: int = 0  # messages that wait for this person
    has_outbox: bool = False
    lists: Item | None = None  # where a promise's page leads back to


def bar(request: HttpRequest) -> dict[str, object]:
    """Context of every page; asks nothing of the database until a page draws its bar."""
    return {"bar": SimpleLazyObject(lambda: _of(request, now=timezone.now()))}


def _of(request: HttpRequest, *, now: datetime) -> Bar:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return Bar()
    overdue = Commitment.objects.visible_to(user).owned_by(user).overdue(now).count()
    addresses = [
        ("My promises", reverse("web:mine")),
        ("Reports", reverse("web:overdue")),
        ("Promises", reverse("web:promises")),
    ]
    roles = doors.roles_of(user)
    waiting = attention.count_for(user)
    if doors.watches_over(roles):
        addresses = addresses[1:]
    if user.is_staff:
        addresses.append(("Admin", reverse("admin:index")))
    items = tuple(
        Item(
            label=label,
            url=url,
            is_current=request.path == url,
            overdue=overdue if label == "My promises" else 0,
        )
        for label, url in addresses
    )
    lists = next(item for item in items if item.label in ("My promises", "Promises"))
    return Bar(
        items=items,
        overdue=overdue,
        unread=reminders.unread(user),
        sees_to_messages=Role.MANAGER in roles or waiting > 0,
        attention=waiting,
        has_outbox=user.is_superuser and settings.EMBEDDED,
        lists=lists,
    )
