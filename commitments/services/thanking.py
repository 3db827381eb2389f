"""A colleague is thanked for a promise that was kept, or that was recovered.

Shared thanks stand on the promise's history, where the team reads them; private ones are known to
the two alone, and leave no event. Nothing of either ever goes to the customer.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments import messages
from commitments.errors import CommitmentError
from commitments.messages import thanks
from commitments.models import Commitment, EventKind, Thanks, User
from commitments.rules import lifecycle, words

from .making import member
from .work import begin


@transaction.atomic
def thank(
    commitment_id: int,
    *,
    by: User,
    owner_id: int,
    note: str,
    shared: bool,
    now: datetime,
) -> Commitment:
    """Once for a promise. `owner_id` is the colleague of its team who is thanked."""
    said = words.clean(note, what="Your thanks", limit=1000, lines=True)
    work = begin(commitment_id, "thank", by=by, now=now)
    commitment = work.commitment
    lifecycle.check_may_thank(status=commitment.status, is_recovered=commitment.was_recovered)
    whom = member(owner_id, commitment.team)
    _check_is_new(commitment, by=by, whom=whom)
    given = Thanks.objects.create(
        commitment=commitment, giver=by, receiver=whom, words=said, shared=shared, at=now
    )
    if shared:
        work.record(EventKind.THANKED, words=said, audience=f"person:{whom.pk}")
    messages.send([thanks.to(given, now=now)], now=now)
    return commitment


def _check_is_new(commitment: Commitment, *, by: User, whom: User) -> None:
    if whom == by:
        raise CommitmentError("Choose a colleague.", field="owner")
    if Thanks.objects.filter(commitment=commitment, giver=by, receiver=whom).exists():
        raise CommitmentError(f"You have thanked {whom.first_name} for this already.")
