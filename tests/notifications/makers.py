"""A small cast of messages, and subjects that agree, refuse or redirect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from commitments.models import User
from notifications import outbox
from notifications.envelope import Delivered, Message, Outcome, Recipient, Shown
from notifications.models import Attempt, Delivery

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def ana() -> User:
    """The agent."""
    found = User.objects.filter(email="ana@larkfield.example").first()
    return found or User.objects.create_user("ana@larkfield.example", name="Ana")


def to_tom(key: str = "1:tom:email", **facts: Any) -> Message:
    """A mail to Tom, the customer."""
    usual: dict[str, Any] = {
        "key": key,
        "about": "commitment:7",
        "audience": "customer",
        "channel": "email",
        "address": "tom@example.org",
        "name": "Tom",
        "template": "plain",
        "context": {"who": "Tom", "what": "a new kettle"},
        "not_before": NOON,
        "sender": "Ana at Larkfield",
    }
    return Message(**(usual | facts))


def to_ana(key: str = "1:ana:email", **facts: Any) -> Message:
    """A mail to Ana, the agent."""
    usual: dict[str, Any] = {
        "audience": "staff",
        "person_id": ana().pk,
        "address": "ana@larkfield.example",
        "name": "Ana",
        "context": {"who": "Ana", "what": "a new kettle"},
    }
    return to_tom(key, **(usual | facts))


def in_anas_inbox(key: str = "1:ana:inbox", **facts: Any) -> Message:
    return to_ana(key, **({"channel": "inbox", "address": ""} | facts))


def queue(*messages: Message, now: datetime = NOON) -> int:
    return outbox.enqueue(messages, now=now)


def the_delivery(key: str = "1:tom:email") -> Delivery:
    return Delivery.objects.get(key=key)


class Agreeable:
    """Sends everything where it was going, and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Outcome]] = []
        self.asked: list[int] = []
        self.notes: list[tuple[str, str]] = []
        self.now_at: dict[str, Recipient | None] = {}
        self.unknown = ""
        self.raises_for = ""
        self.overtaken = ""

    def recipients(
        self, keys: Sequence[Delivered], *, now: datetime
    ) -> Mapping[str, Recipient | None]:
        self.asked.append(len(keys))
        known = [one for one in keys if one.key != self.unknown]
        if self.raises_for in {one.key for one in known}:
            raise KeyError(self.raises_for)
        return {one.key: self.now_at.get(one.key, Recipient(one.address)) for one in known}

    def settled(self, delivered: Delivered, outcome: Outcome, at: datetime) -> None:
        self.told.append((delivered.key, outcome))

    def attended(self, delivered: Delivered, note: str, *, by_id: int, at: datetime) -> None:
        self.notes.append((delivered.key, note))

    def shown(self, about: Sequence[str]) -> Mapping[str, Shown]:
        return {one: Shown(title=f"About {one}", url="") for one in about}

    def instead(self, expired: Delivered) -> str:
        return self.overtaken


subject = Agreeable()


def states() -> dict[str, int]:
    """How many deliveries stand in each state."""
    return dict(Counter(Delivery.objects.values_list("state", flat=True)))


def tries(key: str = "1:tom:email") -> list[tuple[str, int | None, str]]:
    """What came of each attempt, first to last."""
    attempts = Attempt.objects.filter(delivery__key=key).order_by("token")
    return list(attempts.values_list("ending", "code", "answer"))
