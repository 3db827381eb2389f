"""Which promise the address that an answer was sent to names, and mails of ours that came back."""

from __future__ import annotations

from datetime import datetime

from commitments.models import Commitment
from notifications import outbox

from .naming import id_in


def promise_named(addresses: str) -> int | None:
    """The id of the promise; of a question or a conversation about several, their newest.

    None where they name nothing of ours, or do not prove it.
    """
    about = outbox.about_in(addresses)
    if about is None:
        return None
    if (pk := id_in(about, "commitment")) is not None:
        return pk
    newest = Commitment.objects.order_by("-pk").values_list("pk", flat=True)
    if (pk := id_in(about, "conversation")) is not None:
        return newest.filter(conversation=pk).first()
    if (pk := id_in(about, "check_in")) is not None:
        return newest.filter(check_in_items__check_in=pk).first()
    return None


def is_for_bounces(addresses: str) -> bool:
    """Whether one of these is where a mail of ours comes back to."""
    return outbox.is_return_path(addresses)


def returned(raw: bytes, *, recipient: str, now: datetime) -> str:
    """What was made of a returned mail, in a sentence; "" where it proves nothing of ours."""
    try:
        return outbox.returned(raw, recipient=recipient, now=now)
    except outbox.Unreadable:
        return ""
