"""Mail over a connection of our own, and the outbox that stands in for it while there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from notifications import lengths
from notifications.channels import Letter, Receipt, mime, verp
from notifications.channels.smtp import Conversation, Server
from notifications.envelope import DeliveryError, is_one_address


class Email:
    """A mail server named by EMAIL_URL."""

    def __init__(self) -> None:
        self._conversation = Conversation(
            Server.from_url(settings.EMAIL_URL), lengths=lengths.current()
        )
        self._from_name, self._from_address = parseaddr(settings.DEFAULT_FROM_EMAIL)

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        recipient = deliverable(letter.address)
        data = mime.compose(
            letter, recipient=recipient, from_address=self._from_address, from_name=self._from_name
        )
        sender = verp.return_path(letter.delivery_id) or self._from_address
        return self._conversation.send_mail(sender, recipient, data, may_finish=may_finish)

    def close(self) -> None:
        self._conversation.end()


class ShownHere:
    """Without EMAIL_URL nothing leaves the house: administrators read it on /outbox/."""

    def keep(self, letters: Sequence[Letter], *, now: datetime) -> Receipt:
        return Receipt(provider_id="", code=200, answer="shown in the outbox")


def deliverable(address: str) -> str:
    """The one address, its domain in ASCII. Raises DeliveryError if it is not exactly one."""
    local, _, domain = address.rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        plain = ""
    if not is_one_address(plain):
        raise DeliveryError("This is not one e-mail address.", permanent=True)
    return plain
