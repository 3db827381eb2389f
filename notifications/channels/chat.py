"""Chat and SMS through apprise, which speaks with well over a hundred services.

It cannot tell us when the last byte goes out: the marker stands before the call. What it does not
answer in time may have arrived; what it says did not go is tried again. Apprise is large, and is
imported by the first message that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from notifications import lengths, sealing
from notifications.channels import Letter, Receipt, contacts, deadline
from notifications.envelope import DeliveryError, LetGo, Uncertain

_MENTION = re.compile(r"(?<!\w)([@!#])(?=\w)")
_LINK = re.compile(r"\](?=[(\[:])")
_APART = "\u200b"  # a space without width: read as before, no longer understood by programs
_HARMLESS = str.maketrans({"<": "\u2039", ">": "\u203a"})


class Chat:
    """A channel whose contact addresses are apprise's URLs, sealed."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._lengths = lengths.current()

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        service = self._service(letter.address)
        title = "" if self._channel == "sms" else harmless(letter.subject)
        text = harmless(letter.text)
        if not may_finish():
            raise LetGo
        try:
            was_taken = deadline.within(
                self._lengths.request,
                lambda: service.notify(body=text, title=title, body_format="text"),
            )
        except deadline.TookTooLong as error:
            raise Uncertain(str(error)) from error
        if not was_taken:
            raise DeliveryError(f"{service.service_name} did not take it.")
        return Receipt(provider_id="", code=200, answer=f"taken by {service.service_name}")

    def close(self) -> None:
        """Apprise keeps no connection."""

    def _service(self, sealed: str) -> Any:  # Any: apprise has no types
        """Apprise's own object for an address. Raises DeliveryError where there can be none."""
        try:
            url = sealing.unseal(sealed)
            contacts.check(self._channel, url)
        except sealing.CannotOpen as error:
            raise DeliveryError(str(error)) from error
        except contacts.Refused as error:
            raise DeliveryError(str(error), permanent=True) from error
        apprise = import_module("apprise")
        settled = apprise.AppriseAsset(async_mode=False, http_redirects=False, secure_logging=True)
        service = apprise.Apprise.instantiate(url, asset=settled, suppress_exceptions=True)
        if service is None:
            raise DeliveryError("The address is not one that apprise understands.", permanent=True)
        # Apprise calls a reader's timeout a failure like any other. Ours comes first, and is told
        # from the others: the message may have arrived.
        service.socket_connect_timeout = self._lengths.connect.total_seconds() / 2
        service.socket_read_timeout = 2 * self._lengths.request.total_seconds()
        return service


def harmless(text: str) -> str:
    """Text in which nobody is called and no link hides behind other words, on any service."""
    return _LINK.sub(f"]{_APART}", _MENTION.sub(rf"\1{_APART}", text.translate(_HARMLESS)))
