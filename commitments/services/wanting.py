"""A customer who stopped all mail asks on the phone to be written to about promises after all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments.errors import CommitmentError
from commitments.models import (
    Commitment,
    Customer,
    EventKind,
    User,
)
from commitments.rules import lifecycle

from .meeting import held_customer, most_in_teams_of
from .work import hold


@transaction.atomic
def write_after_all(customer_id: int, *, by: User, now: datetime) -> Customer:
    """From now on they get what matters; never an update, a request or the question how it went.

    It stands on the timeline of what is open. Raises CommitmentError where they never stopped.
    """
    lifecycle.check_may_act(most_in_teams_of(by, customer_id))
    live = Commitment.objects.live().filter(customer=customer_id).order_by("pk")
    held = [hold(pk, by=None, now=now) for pk in live.values_list("pk", flat=True)]
    customer = held_customer(customer_id)
    if not customer.has_stopped(now):
        raise CommitmentError(f"{customer.first_name} gets e-mails as everybody else does.")
    if not customer.wants_what_matters:
        customer.mails_wanted_at = now
        customer.save(update_fields=["mails_wanted_at"])
        for work in held:
            work.by = by
            said = f"On the phone: {customer.first_name} would like e-mails about promises."
            work.record(EventKind.UPDATED, words=said, audience="team")
    return customer
