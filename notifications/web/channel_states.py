"""How each channel is doing: what it goes through, what its last message came to, whether it rests.

Nothing here shows a credential: of an address with a password only its host is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from notifications.models import Breaker, ContactPoint, Delivery
from notifications.models.delivery import DeliveryQuerySet

_LOOKED_AT = 20_000  # the newest messages: a channel without any costs no longer look


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One card of the page. `goes_by` says through what, `off` why it is of no use."""

    name: str
    icon: str
    goes_by: str
    off: str = ""
    rests: Breaker | None = None
    last: Delivery | None = None
    may_test: bool = False


def channels(now: datetime) -> list[Channel]:
    """Mail, chat and text messages. Two queries and one for each."""
    rests = {rest.channel: rest for rest in Breaker.objects.filter(until__gt=now)}
    users = _people_by_channel()
    return [
        Channel(
            name="E-mail",
            icon="mail",
            goes_by=_mail(),
            off="" if _mail_leaves() else "No mail leaves this house: EMAIL_URL names no server.",
            rests=rests.get("email"),
            last=last(channel="email"),
            may_test=True,
        ),
        Channel(
            name="Chat",
            icon="message-circle",
            goes_by=f"{_counted(users.get('chat', 0))} with an address of their own.",
            rests=rests.get("chat"),
            last=last(channel="chat"),
        ),
        Channel(
            name="Text messages",
            icon="smartphone",
            goes_by=f"Through {_host(settings.SMS_URL)}; {_counted(users.get('sms', 0))}."
            if settings.SMS_URL
            else "",
            off="" if settings.SMS_URL else "Not set up: SMS_URL names no service.",
            rests=rests.get("sms"),
            last=last(channel="sms") if settings.SMS_URL else None,
        ),
    ]


def last(*, channel: str) -> Delivery | None:
    rows = _newest().filter(channel=channel)
    return rows.defer("text", "html", "context").order_by("-pk").first()


def _newest() -> DeliveryQuerySet:
    top = Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Delivery.objects.filter(pk__gt=top - _LOOKED_AT)


def _people_by_channel() -> dict[str, int]:
    proved = ContactPoint.objects.filter(verified_at__isnull=False, disabled_at=None).order_by()
    counted: dict[str, set[int]] = {}
    for channel, user in proved.values_list("channel", "user"):
        counted.setdefault(channel, set()).add(user)
    return {channel: len(people) for channel, people in counted.items()}


def _counted(people: int) -> str:
    return "One person" if people == 1 else f"{people or 'Nobody'}{' people' if people else ''}"


def _mail_leaves() -> bool:
    return bool(settings.EMAIL_URL or settings.NOTIFICATIONS_EMAIL_BACKEND)


def _mail() -> str:
    """Through what, without a name or password; and from whom."""
    sender = f"Sent from {settings.DEFAULT_FROM_EMAIL}."
    if settings.EMAIL_URL:
        return f"Through {_host(settings.EMAIL_URL)}. {sender}"
    if settings.NOTIFICATIONS_EMAIL_BACKEND:
        return f"Through {settings.NOTIFICATIONS_EMAIL_BACKEND.rpartition('.')[0]}. {sender}"
    return "Mails are shown in the outbox instead." if settings.EMBEDDED else sender


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "a service"
    return parts.hostname or parts.scheme or "a service"
