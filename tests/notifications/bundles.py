"""Makers for messages that go out inside a bundle, and ways to read one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from commitments.models import User
from notifications.delivery import leases, preparing
from notifications.envelope import Message
from notifications.models import Delivery
from tests.notifications.makers import NOON, queue, to_ana
from tests.smtp import Mail


def dev() -> User:
    """Ana's lead."""
    found = User.objects.filter(email="dev@larkfield.example").first()
    return found or User.objects.create_user("dev@larkfield.example", name="Dev")


def to_dev(key: str, **facts: Any) -> Message:
    person = {"person_id": dev().pk, "address": "dev@larkfield.example", "name": "Dev"}
    return to_ana(key, **(person | facts))


def a_few(count: int, **facts: Any) -> None:
    """So many messages to Ana, each about a promise of its own: "1", "2" and so on."""
    queue(
        *(
            to_ana(
                f"{number}",
                about=f"commitment:{number}",
                context={"who": "Ana", "what": f"kettle {number}"},
                **facts,
            )
            for number in range(1, count + 1)
        )
    )


def text_of(mail: Mail) -> str:
    """The plain text of a mail as its reader sees it."""
    part = mail.message.get_payload(0)
    return str(part.get_payload(decode=True).decode()).replace("\r\n", "\n").strip()


def the_bundle() -> Delivery:
    return Delivery.objects.get(template="bundle")


def claim(now: datetime = NOON) -> list[Delivery]:
    return leases.claim("email", limit=20, now=now)


def mark(bundle: Delivery, now: datetime = NOON) -> bool:
    [(_, compose)], _ = preparing.sort_out([bundle], now=now)
    return leases.exchange([], [(bundle, compose())], now=now) == {bundle.pk}
