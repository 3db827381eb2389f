"""What goes to programs: a step that names one was taken, or something happened that one asked for.

Facts only, and nobody's name or words: a reference, and how the promise stands. Whoever may know
more asks the API by that reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.conf import settings

from commitments.models import Commitment, Conversation, Event, EventKind, Subscription
from commitments.models.subscription import Hearer
from notifications import outbox
from notifications.envelope import JSON, Message

CHANNEL = "webhook"
TEMPLATE = "webhook_step"
HAPPENED = "webhook_event"


def listeners() -> dict[str, str]:
    """The names of the programs that listen, by the tokens that steps know them by."""
    return {f"{CHANNEL}:{pk}": name for pk, name in outbox.listeners().items()}


def type_of(kind: str) -> str:
    """As programs know a kind of event: `promise.moved`."""
    return f"promise.{kind}"


def may_listen(commitment: Commitment) -> bool:
    """Whether any program may be told of this one; known without asking where it is held."""
    return bool(vars(commitment).get("some_listen", True))


def happened(
    commitments: Iterable[Commitment], events: Sequence[Event], *, now: datetime
) -> list[Message]:
    """What these events of these promises say to the programs that asked for their kinds.

    A query, and one more where somebody hears of promises whose conversations are not read yet.
    """
    hearers = Subscription.objects.hearers(now)
    if not hearers:
        return []
    promises = {each.pk: each for each in commitments}
    heard = [
        (promises[event.commitment_id], event, hearer)
        for event in events
        for hearer in hearers
        if _hears(hearer, promises[event.commitment_id], event)
    ]
    cases = _cases({commitment.pk: commitment for commitment, _, _ in heard}.values())
    return [
        _told(commitment, event, hearer, case=cases[commitment.conversation_id], now=now)
        for commitment, event, hearer in heard
    ]


def _hears(hearer: Hearer, commitment: Commitment, event: Event) -> bool:
    """A step that names the program is told as such. A promise that leaves a team is heard of
    there, too.
    """
    named = f"{CHANNEL}:{hearer.endpoint_id}"
    is_named = event.kind == EventKind.STEP_TAKEN and named in event.audience.split(",")
    if is_named and hearer.is_on:
        return False
    teams = {commitment.team_id, *event.changes.get("team_id", ())}
    return hearer.hears(event.kind, teams=teams)


def _cases(commitments: Collection[Commitment]) -> dict[int, str]:
    """What other systems call the conversations of these, by their ids."""
    unread = {each.conversation_id for each in commitments if not _is_read(each)}
    cases: dict[int, str] = {}
    if unread:
        found = Conversation.objects.filter(pk__in=unread)
        cases.update(found.values_list("pk", "outside_reference"))
    for each in commitments:
        if _is_read(each):
            cases[each.conversation_id] = each.conversation.outside_reference
    return cases


def _is_read(commitment: Commitment) -> bool:
    return "conversation" in commitment._state.fields_cache


def _told(
    commitment: Commitment, event: Event, hearer: Hearer, *, case: str, now: datetime
) -> Message:
    # Said about what happened, not about the promise: when that is done or moved, nags about it are
    # taken back, and this is none.
    return Message(
        key=f"event:{event.pk}:e{hearer.endpoint_id}:{CHANNEL}",
        about=f"events_of:{commitment.pk}",
        event_id=event.pk,
        audience="staff",
        channel=CHANNEL,
        address=f"endpoint:{hearer.endpoint_id}",
        name=hearer.name,
        template=HAPPENED,
        context={
            "type": type_of(event.kind),
            **_facts(commitment, event, now=now),
            "sequence": event.sequence,
            "status": commitment.status,
            "outcome": None if commitment.is_live else commitment.outcome or None,
            "first_due_at": commitment.first_due_at.isoformat(),
            "team_id": commitment.team_id,
            "owner_id": commitment.owner_id,
            "actor_id": event.actor_id,
            "case": case,
        },
        urgent=commitment.urgent,
        not_before=now,
        sender=settings.COMPANY_NAME,
    )


def step_taken(
    commitment: Commitment,
    token: str,
    *,
    name: str,
    event: Event,
    reason: str,
    now: datetime,
    late: bool = False,
) -> Message:
    """One message to one endpoint, which is named: where it is, and its secret, stay where they
    are kept.
    """
    pk = token.partition(":")[2]
    return Message(
        key=f"{reason}:e{pk}:{CHANNEL}",
        about=commitment.about,
        event_id=event.pk,
        audience="staff",
        person_id=None,
        channel=CHANNEL,
        address=f"endpoint:{pk}",
        name=name,
        template=TEMPLATE,
        context={
            "type": type_of(EventKind.STEP_TAKEN),
            **_facts(commitment, event, now=now),
        },
        urgent=commitment.urgent,
        late=late,
        not_before=now,
        sender=settings.COMPANY_NAME,
    )


def _facts(commitment: Commitment, event: Event, *, now: datetime) -> dict[str, JSON]:
    return {
        "timestamp": event.at.isoformat(),
        "reference": commitment.reference,
        "url": f"{settings.PUBLIC_URL}/promises/{commitment.reference}/",
        "team": commitment.team.name,
        "kind": commitment.kind.code,
        "urgent": commitment.urgent,
        "due_at": commitment.due_at.isoformat(),
        "is_overdue": commitment.is_overdue(now),
        "is_not_told": commitment.is_not_told(now),
        "revision": event.revision,
        "step": event.step,
        "repetition": event.repetition,
    }
