"""Two customers who are one: what one of them has follows to the other, and the old id with it.

Promises, conversations, check-ins and what others propose change hands in one transaction, and each
promise says so on its timeline. What was sent stays where it was: deliveries are about promises,
conversations and check-ins, which keep their ids. Nothing is asked twice: of two check-ins that are
planned one remains. A link opens no more than before: where the two had renewed theirs a different
number of times, the links of the one who did it less often end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from commitments.errors import CommitmentError
from commitments.messages import timeline
from commitments.models import (
    CheckIn,
    CheckInItem,
    Commitment,
    Conversation,
    Customer,
    EventKind,
    Membership,
    Occurrence,
    Suggestion,
    User,
)
from commitments.models.people import KEEPING
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError

from .meeting import check_is_somebody, teams_of

_TRIES: Final = 5
_BATCH: Final = 500
_FILLED_IN = ("email", "phone", "zone")
_JOINED = "asked together with what else was kept for this customer"


class _MoreCame(Exception):
    """Something of the one who goes was made while the rest of it was being held."""


def merge(customer_id: int, *, into_id: int, by: User, now: datetime) -> Customer:
    """Make one of the two; answers who stays. Merged once, the same again changes nothing.

    Whoever does it acts in every team of the one who goes, and in one of the other's. Raises
    CommitmentError, and changes nothing then.
    """
    if customer_id == into_id:
        raise CommitmentError("Choose two customers: this is the same one.", field="into")
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _merge(customer_id, into_id, by=by, now=now)
        except _MoreCame:
            continue  # holding nothing any more: promises and drafts are held before customers
    raise CommitmentError("Something is being promised to them just now. Try again.")


def _merge(gone_id: int, kept_id: int, *, by: User, now: datetime) -> Customer:
    both = Customer.objects.filter(pk__in=(gone_id, kept_id))
    if (stays := _one_already(both.in_bulk())) is not None:
        return stays  # holding nobody: who was merged is held by nobody who makes promises either
    promises = list(Commitment.objects.filter(customer=gone_id).held().order_by("pk"))
    # Whoever accepts one holds it, and waits for its customer.
    drafts = list(Suggestion.objects.filter(customer=gone_id).select_for_update().order_by("pk"))
    held = both.held_together()
    if (stays := _one_already(held)) is not None:
        return stays
    gone, kept = held[gone_id], held[kept_id]
    _check(gone, kept, by=by)
    for theirs, known in (
        (Commitment.objects.filter(customer=gone), promises),
        (Suggestion.objects.filter(customer=gone), drafts),
    ):
        if theirs.exclude(pk__in=[each.pk for each in known]).exists():
            raise _MoreCame
    occurrence = _occurrence(gone, kept, by=by, now=now)
    _hand_over_promises(promises, kept, occurrence)
    _hand_over_check_in(gone, kept)
    for rows in (Conversation.objects, CheckIn.objects, Suggestion.objects):
        rows.filter(customer=gone).update(customer=kept)
    Customer.objects.filter(merged_into=gone).update(merged_into=kept)
    _leave(gone, kept)
    return kept


def _one_already(both: Mapping[int, Customer]) -> Customer | None:
    """The one who stayed, if the other was merged into them."""
    for each in both.values():
        if each.merged_into_id is not None and each.merged_into_id in both:
            return both[each.merged_into_id]
    return None


def _check(gone: Customer, kept: Customer, *, by: User) -> None:
    for each in (gone, kept):
        check_is_somebody(each)
        if each.merged_into_id is not None:
            raise IllegalMoveError(
                f"{each.name} has been merged with somebody else meanwhile. Look at both again."
            )
    if by.is_superuser:
        return
    places = Membership.objects.filter(user=by, role__in=KEEPING)
    acting = set(places.values_list("team", flat=True))
    theirs = _pks(gone)
    if not acting & theirs or not acting & _pks(kept):
        raise NotAllowedError("You can see these customers, but not change them.")
    if theirs - acting:
        raise NotAllowedError(
            f"Not only your teams look after {gone.name}. An administrator can merge the two."
        )


def _pks(customer: Customer) -> set[int]:
    return set(teams_of(customer.pk).values_list("pk", flat=True))


def _occurrence(gone: Customer, kept: Customer, *, by: User, now: datetime) -> Occurrence:
    return Occurrence(
        kind=EventKind.CUSTOMER_MERGED,
        at=now,
        recorded_at=now,
        actor_id=by.pk,
        audience="team",
        changes={"customer_id": [gone.pk, kept.pk]},
        words=_other_name(gone, kept),
    )


def _other_name(gone: Customer, kept: Customer) -> str:
    """No e-mail and no number, which stay in the entry that goes: auditors read this, too."""
    return f"The other entry was called {gone.name}." if gone.name != kept.name else ""


def _hand_over_promises(promises: list[Commitment], kept: Customer, occurrence: Occurrence) -> None:
    """As many statements for a thousand as for one. No clock depends on whose it is."""
    for each in promises:
        each.customer = kept
    timeline.append_to_all(promises, occurrence)
    changed = ["customer", "event_count", "head_hash"]
    Commitment.objects.bulk_update(promises, changed, batch_size=_BATCH)


def _hand_over_check_in(gone: Customer, kept: Customer) -> None:
    """Where both are to be asked how it went, they are asked once, on the later day."""
    pending = CheckIn.objects.pending().select_for_update().filter(customer__in=(gone, kept))
    planned = {each.customer_id: each for each in pending.order_by("pk")}
    if len(planned) < len((gone, kept)):
        return
    theirs, ours = planned[gone.pk], planned[kept.pk]
    CheckInItem.objects.filter(check_in=theirs).update(check_in=ours)
    if theirs.send_at is not None and ours.send_at is not None:
        ours.send_at = max(theirs.send_at, ours.send_at)
    if theirs.hold_reason and not ours.hold_reason:
        ours.state, ours.hold_reason = theirs.state, theirs.hold_reason
    theirs.drop(_JOINED)
    ours.save()


def _leave(gone: Customer, kept: Customer) -> None:
    """The entry that goes is left as a pointer, still found by what it says; what the other does
    not know yet, it learns. Who stopped our mails under one address has stopped them.
    """
    for name in _FILLED_IN:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.stopped_at = _later(gone.stopped_at, kept.stopped_at)
    kept.mails_wanted_at = _later(gone.mails_wanted_at, kept.mails_wanted_at)
    kept.link_version = max(gone.link_version, kept.link_version)
    if gone.external_id and not kept.external_id:
        source, number = gone.external_source, gone.external_id
        gone.external_source = gone.external_id = ""
        kept.external_source, kept.external_id = source, number
    gone.merged_into = kept
    gone.save()
    kept.save()


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
