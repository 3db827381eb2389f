"""What the fate of a message does to the promise it is about, and to its timeline."""

from __future__ import annotations

from datetime import datetime

from commitments.models import Commitment, EventKind, Occurrence, figures
from commitments.rules.lifecycle import Status
from notifications import outbox
from notifications.envelope import Delivered, Outcome

from . import called, customer, notices, recap, told
from .naming import id_in
from .timeline import append

_UNDELIVERED = frozenset({"failed", "suppressed", "bounced", "complained", "uncertain"})
_SAID_WHY = frozenset({"failed", "bounced", "complained", "uncertain"})
_KINDS = {
    "sent": EventKind.MESSAGE_SENT,
    "bounced": EventKind.MESSAGE_BOUNCED,
    "complained": EventKind.MESSAGE_BOUNCED,
}


def settle(delivered: Delivered, outcome: Outcome, *, at: datetime) -> None:
    """Told by the outbox first of all in the transaction that records the outcome."""
    if delivered.audience == "customer":
        for commitment in held(delivered):
            _customers(commitment, delivered, outcome, at=at)
    elif outcome in _UNDELIVERED:
        _staffs(delivered, outcome, at=at)


def held(delivered: Delivered) -> list[Commitment]:
    """The promises a delivery is about, locked; none where it is about a person."""
    about = delivered.about
    if id_in(about, "conversation") is not None:
        return list(Commitment.objects.filter(pk__in=recap.covered_by(delivered.key)).held())
    check_in = id_in(about, "check_in")
    if check_in is not None:
        return list(Commitment.objects.filter(check_in_items__check_in=check_in).held())
    pk = id_in(about, "commitment")
    return list(Commitment.objects.filter(pk=pk).held()) if pk is not None else []


def _customers(
    commitment: Commitment, delivered: Delivered, outcome: Outcome, *, at: datetime
) -> None:
    if outcome == "sent":
        told.accepted(commitment, delivered.template, at=at)
        called.accepted(commitment, delivered.template, at=at)
    elif outcome == "bounced":
        told.returned(commitment, delivered.key)
        called.returned(commitment, delivered.key)
    if _was_a_request(delivered, outcome):
        _nothing_was_waited_for(commitment, delivered, at=at)
    _record(commitment, delivered, outcome, at=at)
    if outcome != "sent":
        notices.to_owner(commitment, delivered, outcome, now=at)


def _staffs(delivered: Delivered, outcome: Outcome, *, at: datetime) -> None:
    commitments = held(delivered)
    for commitment in commitments:
        _record(commitment, delivered, outcome, at=at)
    about = commitments[0] if commitments else None
    notices.to_managers(about, delivered, outcome, now=at)


def _was_a_request(delivered: Delivered, outcome: Outcome) -> bool:
    """A request that never arrived. One that may have, or was complained of, was made."""
    never_arrived = outcome not in {"sent", "uncertain", "complained"}
    return never_arrived and delivered.template == customer.Template.NEED


def _nothing_was_waited_for(commitment: Commitment, delivered: Delivered, *, at: datetime) -> None:
    """The promise is open again, and its clock is looked at anew.

    Unless it waits for something else by now: a request may come back days later.
    """
    if commitment.status != Status.WAITING:
        return
    asked = commitment.events.filter(kind=EventKind.WAITED).order_by("sequence").last()
    if asked is not None and delivered.event_id not in {None, asked.pk}:
        return
    _ask_no_more(commitment, at=at)
    commitment.status = Status.OPEN
    commitment.waiting_since, commitment.waiting_for = None, ""
    commitment.nudged_at = commitment.decision_asked_at = None
    commitment.next_action, commitment.next_action_at = "look", at


def _ask_no_more(commitment: Commitment, *, at: datetime) -> None:
    """What follows a request makes no sense without it. The request itself is being settled."""
    asking = commitment.events.asking(since=commitment.waiting_since)
    followed = list(asking.exclude(kind=EventKind.WAITED).values_list("pk", flat=True))
    if followed:
        outbox.withdraw(
            about=[commitment.about],
            event_ids=followed,
            reason="the request never arrived",
            now=at,
        )


def _record(
    commitment: Commitment, delivered: Delivered, outcome: Outcome, *, at: datetime
) -> None:
    sent = outcome == "sent"
    reason = delivered.reason if outcome in _SAID_WHY else ""
    words = " ".join(part for part in (notices.WORDS.get(outcome, ""), reason) if part)
    facts: dict[str, object] = {"message": delivered.key}
    if outcome == "complained":
        facts["complaint"] = True
    changes = commitment.changes()
    occurrence = Occurrence(
        kind=_KINDS.get(outcome, EventKind.MESSAGE_NOT_SENT),
        at=at,
        recorded_at=at,
        audience=f"{delivered.audience}:{delivered.template}",
        changes=changes | facts,
        words_before=commitment.words_before(),
        visible=sent and delivered.audience == "customer",
        words="" if sent else words,
    )
    append(commitment, occurrence)
    commitment.save()
    commitment.remember()
    figures.note(commitment, changes, now=at)
