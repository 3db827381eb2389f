"""Plain makers for endpoints and what goes to them."""

from __future__ import annotations

from typing import Any

from notifications import sealing
from notifications.envelope import Message
from notifications.models import Endpoint
from tests.notifications.makers import NOON, to_tom

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example of the standard


def an_endpoint(url: str, name: str = "Desk", **facts: Any) -> Endpoint:
    """Where a program listens."""
    usual = {"name": name, "url": url, "secret": sealing.seal(SECRET), "made_at": NOON}
    return Endpoint.objects.create(**(usual | facts))


def to_endpoint(endpoint: Endpoint, key: str = "1:desk", **facts: Any) -> Message:
    """What a step of a ladder says to a program."""
    usual: dict[str, Any] = {
        "audience": "staff",
        "channel": "webhook",
        "address": endpoint.address,
        "name": endpoint.name,
        "template": "webhook_step",
        "context": {"type": "commitment.step_taken", "commitment": "K7Q2M", "step": 3},
        "sender": "",
    }
    return to_tom(key, **(usual | facts))
