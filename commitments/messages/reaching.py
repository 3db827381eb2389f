"""Whether a customer can be written to, and may be.

Whoever pressed "stop" gets nothing more by itself. If they asked on the phone to be written to
about promises after all, they get what they cannot do without; never an update, a request, a
reminder or the question how it went.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commitments.models import Customer

from .texts import Template

MATTERS: Final = frozenset(
    {Template.AGREEMENT, Template.RECAP, Template.NEW_TIME, Template.SLIP, Template.SLIP_NOTE}
    | {Template.SLIP_REASON, Template.DONE, Template.STILL_OPEN, Template.CANNOT_KEEP}
)


@dataclass(frozen=True)
class Unreachable:
    """Why a customer cannot be written to; the sentence stands on the timeline."""

    reason: str


def unreachable(customer: Customer, template: str, *, now: datetime) -> Unreachable | None:
    """Asked when it is written, and again when it is sent; `template` is a Template's value."""
    if not customer.is_reachable:
        return Unreachable(f"{customer.first_name} has no e-mail address. Please call.")
    if customer.has_stopped(now) and not (customer.wants_what_matters and template in MATTERS):
        return Unreachable(f"{customer.first_name} asked for no more e-mails. Please call.")
    return None
