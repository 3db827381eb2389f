"""A customer wants no more e-mails."""

from __future__ import annotations

from datetime import datetime

from commitments.models import Customer
from notifications import outbox


def withdraw(customer: Customer, *, now: datetime) -> int:
    """What is on its way to them does not go out. Answers how much that was."""
    about = all_about(customer)
    if not about:
        return 0
    reason = "asked for no more e-mails"
    return outbox.withdraw(about=about, audience="customer", reason=reason, now=now)


def all_about(customer: Customer) -> list[str]:
    """The subjects of every message that has to do with them."""
    promises = list(customer.commitments.values_list("pk", flat=True))
    return [
        *(f"commitment:{pk}" for pk in promises),
        *(f"events_of:{pk}" for pk in promises),
        *(f"conversation:{pk}" for pk in customer.conversations.values_list("pk", flat=True)),
        *(f"check_in:{pk}" for pk in customer.check_ins.values_list("pk", flat=True)),
    ]
