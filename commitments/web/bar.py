"""The bar on top of every page: where this person can go, and how much is overdue.

Those who make promises begin with their own; those who watch over others begin with the board. A
lead does both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from commitments import messages
from commitments.messages import reminders
from commitments.models import Commitment, Role, Suggestion, User
from commitments.models.people import KEEPING

from . import attention, doors


@dataclass(frozen=True, kw_only=True)
class Item:
    """A way of the bar: the addresses beneath it belong to it. `key` leads there."""

    label: str
    url: str
    here: str = ""  # what aria-current says
    overdue: int | None = None
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    items: tuple[Item, ...] = ()
    overdue: int = 0
    unread: int = 0
    drafts: int = 0  # that wait for this person
    logs: bool = False  # may make promises
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
    overdue, unread, drafts, some_wait = _counts(user, now=now)
    roles = doors.roles_of(user)
    waiting = attention.count_for(user) if some_wait else 0
    items = tuple(_items(user, roles, request.path, overdue=overdue))
    return Bar(
        items=items,
        overdue=overdue,
        unread=unread,
        drafts=drafts,
        logs=bool(roles & set(KEEPING)),
        sees_to_messages=Role.MANAGER in roles or waiting > 0,
        attention=waiting,
        has_outbox=user.is_superuser and settings.EMBEDDED,
        lists=_list(items),
    )


def _counts(user: User, *, now: datetime) -> tuple[int, int, int, bool]:
    """How much is overdue, how much is new in the bell, how many drafts wait, and whether any
    message waits for anybody; one query, on every page.
    """
    late = Commitment.objects.visible_to(user).owned_by(user).overdue(now)
    drafts = Suggestion.objects.waiting(now).put_to(user).annotate(together=Value(1))
    counted = User.objects.filter(pk=user.pk).annotate(
        late=_number(late, by="owner"),
        unread=_number(reminders.unread_of(user, now=now), by="user"),
        drafts=_number(drafts, by="together"),
        some_wait=messages.some_need_attention(),
    )
    return counted.values_list("late", "unread", "drafts", "some_wait").get()


def _number(rows: QuerySet[Any], *, by: str) -> Coalesce:  # Any: any model
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _items(user: User, roles: frozenset[str], path: str, *, overdue: int) -> Iterator[Item]:
    watches = doors.watches_over(roles)
    leads = watches or Role.LEAD in roles
    if not watches:
        url = reverse("web:mine")
        here = "page" if path == url else ""
        yield Item(label="My promises", url=url, here=here, overdue=overdue, key="G M")
    yield _way("Team board" if leads else "Team", "web:team", path, key="G T")
    if Role.AGENT in roles:
        yield _way("Calls", "web:calls", path)
    yield _way("Reports", "web:overdue", path, beneath="/reports/", key="G R")
    if leads:
        yield _way("Promises", "web:promises", path)
    if user.is_superuser:
        yield _way("Settings", "web:settings", path)
    elif user.is_staff:
        yield _way("Admin", "admin:index", path)


def _way(label: str, name: str, path: str, *, beneath: str = "", key: str = "") -> Item:
    url = reverse(name)
    # Beneath the list of promises lie pages that agents reach from their own.
    is_within = name != "web:promises" and path.startswith(beneath or url)
    here = "page" if path == url else "true" if is_within else ""
    return Item(label=label, url=url, here=here, key=key)


def _list(items: tuple[Item, ...]) -> Item:
    """Where somebody finds promises: among their own, or among all."""
    known = {item.label: item for item in items}
    return known.get("My promises") or known["Promises"]
