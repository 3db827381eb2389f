"""What the outbox asks of us and tells us: who still is to get a message, and what became of it.

`settled` is called first in the transaction that records a result, so that the timeline and the
delivery agree whatever dies in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse

from commitments.models import (
    CheckIn,
    Commitment,
    Conversation,
    Customer,
    EventKind,
    Occurrence,
)
from notifications.envelope import Delivered, Outcome, Recipient, Shown

from . import addressees, naming, settling
from .customer import Template
from .timeline import append

_HEAR_BY = frozenset({Template.SLIP_NOTE, Template.SLIP_REASON, Template.STILL_OPEN})
_OVERTAKEN = (
    "It says by when they hear from us, as it stood then. Please call, or write an update instead."
)


class PromiseSubject:
    """The Subject of every delivery this house sends."""

    def recipients(
        self, keys: Sequence[Delivered], *, now: datetime
    ) -> Mapping[str, Recipient | None]:
        return addressees.of(keys, now=now)

    def settled(self, delivered: Delivered, outcome: Outcome, at: datetime) -> None:
        settling.settle(delivered, outcome, at=at)

    def attended(self, delivered: Delivered, note: str, *, by_id: int, at: datetime) -> None:
        """A note for the team, in the name of whoever saw to it."""
        for commitment in settling.held(delivered):
            occurrence = Occurrence(
                kind=EventKind.UPDATED,
                at=at,
                recorded_at=at,
                actor_id=by_id,
                audience="team",
                changes={"message": delivered.key},
                words=note,
            )
            append(commitment, occurrence)
            commitment.save()

    def shown(self, about: Sequence[str]) -> Mapping[str, Shown]:
        """The promises, check-ins and conversations among these; three queries."""
        promises = Commitment.objects.filter(pk__in=naming.ids_in(about, "commitment"))
        check_ins = CheckIn.objects.filter(pk__in=naming.ids_in(about, "check_in"))
        found = {
            row.about: _shown(row.wording, row.reference, row.customer)
            for row in promises.select_related("customer")
        }
        talks = Conversation.objects.filter(pk__in=naming.ids_in(about, "conversation"))
        found |= {
            f"conversation:{talk.pk}": _shown(
                f"All agreed with {talk.customer.name}", "", talk.customer
            )
            for talk in talks.select_related("customer")
        }
        return found | {
            row.about: _shown(f"Check-in with {row.customer.name}", "", row.customer)
            for row in check_ins.select_related("customer")
        }

    def instead(self, expired: Delivered) -> str:
        """What nobody wrote, and names a time, is overtaken; what a person wrote they may judge."""
        return _OVERTAKEN if expired.template in _HEAR_BY else ""


def _shown(title: str, reference: str, customer: Customer) -> Shown:
    return Shown(
        title=title,
        url=reverse("web:promise", args=[reference]) if reference else "",
        phone=customer.phone,
        edit_url=reverse("admin:commitments_customer_change", args=[customer.pk]),
    )


subject = PromiseSubject()
