"""What the outbox asks of us and tells us: who still is to get a message, and what became of it.

`settled` is called first in the transaction that records a result, so that the timeline and the
delivery agree whatever dies in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from commitments.models import CheckIn, Commitment, EventKind, Occurrence, User
from commitments.models.event import append
from commitments.rules.lifecycle import Status
from notifications import outbox
from notifications.envelope import Delivered, Outcome, Recipient

from . import customer, staff
from .roster import Roster

_UNDELIVERED = frozenset({"failed", "suppressed", "bounced"})
_WORDS = {
    "failed": "It could not be delivered.",
    "suppressed": "This address takes no mail any more.",
    "bounced": "It came back.",
    "expired": "It was too old to be of use, and was not sent.",
    "uncertain": "It may have arrived, or not. Please ask, or tell them another way.",
}


class PromiseSubject:
    """The Subject of every delivery this house sends."""

    def recipients(self, keys: Sequence[Delivered]) -> Mapping[str, Recipient | None]:
        people = User.objects.in_bulk({each.person_id for each in keys if each.person_id})
        customers, colleagues = _customers_of(keys), _colleagues_of(keys)
        return {
            each.key: customers.get(each.about)
            if each.audience == "customer"
            else _colleague(people.get(each.person_id or 0), colleagues[each.about])
            for each in keys
        }

    def settled(self, delivered: Delivered, outcome: Outcome, at: datetime) -> None:
        if delivered.audience == "staff":
            if outcome in _UNDELIVERED and delivered.channel != "inbox":
                self._note(delivered, outcome, at=at)
            return
        self._note(delivered, outcome, at=at)

    def _note(self, delivered: Delivered, outcome: Outcome, *, at: datetime) -> None:
        for commitment in _locked_commitments(delivered.about):
            if delivered.audience == "customer":
                _take_to_heart(commitment, delivered, outcome, at=at)
            append(commitment, _occurrence(commitment, delivered, outcome, at=at))
            commitment.save()


def _take_to_heart(
    commitment: Commitment, delivered: Delivered, outcome: Outcome, *, at: datetime
) -> None:
    """What a customer's message changes in the promise itself."""
    if outcome == "sent":
        _told(commitment, delivered, at=at)
        return
    if delivered.template == customer.Template.NEED and outcome != "uncertain":
        _request_never_arrived(commitment, at=at)
    if outcome != "expired":
        _ask_the_owner(commitment, delivered, outcome, now=at)


def _told(commitment: Commitment, delivered: Delivered, *, at: datetime) -> None:
    if delivered.template in customer.AUTOMATIC:
        return
    if commitment.told_at is None or commitment.told_at < at:
        commitment.told_at = at
    announces_a_time = delivered.template in {customer.Template.NEW_TIME, customer.Template.SLIP}
    if announces_a_time and commitment.untold_due_at and at < commitment.untold_due_at:
        commitment.untold_due_at = None


def _request_never_arrived(commitment: Commitment, *, at: datetime) -> None:
    """Nothing was waited for: the promise is open again, and its clock is looked at anew."""
    if commitment.status != Status.WAITING:
        return
    commitment.status = Status.OPEN
    commitment.waiting_since, commitment.waiting_for = None, ""
    commitment.nudged_at = commitment.decision_asked_at = None
    commitment.next_action, commitment.next_action_at = "look", at


def _ask_the_owner(
    commitment: Commitment, delivered: Delivered, outcome: Outcome, *, now: datetime
) -> None:
    roster = Roster([commitment], now=now)
    outbox.enqueue(
        list(
            staff.to(
                roster.of(commitment, "owner"),
                commitment,
                staff.Template.UNDELIVERED,
                roster=roster,
                reason=f"{delivered.key}:{outcome}",
                now=now,
                words=_WORDS[outcome],
            )
        ),
        now=now,
    )


def _occurrence(
    commitment: Commitment, delivered: Delivered, outcome: Outcome, *, at: datetime
) -> Occurrence:
    sent = outcome == "sent"
    return Occurrence(
        kind=EventKind.MESSAGE_SENT if sent else EventKind.MESSAGE_NOT_SENT,
        at=at,
        recorded_at=at,
        audience=f"{delivered.audience}:{delivered.template}",
        changes=commitment.changes(),
        words_before=commitment.words_before(),
        visible=sent and delivered.audience == "customer",
        words="" if sent else _WORDS[outcome],
    )


def _locked_commitments(about: str) -> list[Commitment]:
    """The promises a delivery is about, held."""
    what, _, pk = about.partition(":")
    if what == "commitment":
        return list(Commitment.objects.filter(pk=int(pk)).held())
    if what == "check_in":
        return list(Commitment.objects.filter(check_in_items__check_in=int(pk)).held())
    return []  # about an account, which has no timeline


def _colleague(person: User | None, colleagues: set[int]) -> Recipient | None:
    """Nobody hears of a promise that they could not open: not who has left the team meanwhile."""
    if person is None or not person.is_active:
        return None
    may_open = person.is_superuser or person.pk in colleagues
    return Recipient(person.email, person.name) if may_open else None


def _colleagues_of(keys: Sequence[Delivered]) -> dict[str, set[int]]:
    """Who belongs to the team of what each delivery is about, or stands in for its lead."""
    found: dict[str, set[int]] = defaultdict(set)
    pks = {int(each.about.partition(":")[2]) for each in keys if each.audience == "staff"}
    rows = Commitment.objects.filter(pk__in=pks).values_list(
        "pk", "team__lead_fallback", "team__memberships__user"
    )
    for pk, fallback, member in rows:
        found[f"commitment:{pk}"] |= {fallback, member}
    return found


def _customers_of(keys: Sequence[Delivered]) -> dict[str, Recipient]:
    """The customer's address now, by what the deliveries are about; the erased have none."""
    pks: dict[str, list[int]] = {"commitment": [], "check_in": []}
    for each in keys:
        what, _, pk = each.about.partition(":")
        if each.audience == "customer":
            pks[what].append(int(pk))
    rows = [
        *Commitment.objects.filter(pk__in=pks["commitment"]).select_related("customer"),
        *CheckIn.objects.filter(pk__in=pks["check_in"]).select_related("customer"),
    ]
    return {
        row.about: Recipient(row.customer.email, row.customer.name)
        for row in rows
        if row.customer.is_reachable
    }


subject = PromiseSubject()
