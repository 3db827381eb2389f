"""Mails as they reach us, and what stands on a promise after them."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage, Message
from email.utils import make_msgid
from typing import Any

from commitments import inbound
from commitments.inbound import End
from commitments.models import Commitment
from notifications.channels import answering
from tests.makers import NOON


def a_mail(text: str = "It has come, thank you.", **headers: str) -> EmailMessage:
    """From Tom; `X_Loop` is the header X-Loop, and one that is empty is left out."""
    mail = EmailMessage()
    usual = {
        "From": "Tom <tom@customers.example>",
        "To": "replies@larkfield.example",
        "Subject": "Re: Your promise",
        "Message-ID": make_msgid(),
    }
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in (usual | given).items():
        if value:
            mail[name] = value
    mail.set_content(text)
    return mail


def take(mail: Message[Any, Any] | bytes, *, now: datetime = NOON, recipient: str = "") -> End:
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    return inbound.take(raw, recipient=recipient, now=now)


def words_on(commitment: Commitment) -> list[str]:
    """What its customer wrote, oldest first."""
    wrote = commitment.events.filter(kind="customer_wrote").order_by("sequence")
    return [event.words for event in wrote.select_related("text")]


def raw(about: Commitment, head: bytes = b"", body: bytes = b"Hello") -> bytes:
    """A mail to this promise with these headers, whatever they are, before its own."""
    address = answering.address_about(about.about).encode()
    return head + b"To: " + address + b"\r\nFrom: tom@customers.example\r\n\r\n" + body


def typed(kind: str, body: bytes, *more: str) -> dict[str, bytes]:
    lines = [f"Content-Type: {kind}", *more, ""]
    return {"head": "\r\n".join(lines).encode(), "body": body}
