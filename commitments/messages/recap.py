"""One mail for all the promises of one conversation, in place of a summary of each.

It is about the conversation. Which promises stand in it, and which were asked for when it was first
written, is in its key, `recap:<why>:<those in it>:<those asked for>`: a promise that ends before
the mail goes out is left out of the next writing, and comes back if its end is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from commitments import lengths
from commitments.models import Commitment, Conversation, Event
from notifications import outbox
from notifications.envelope import Message

from . import customer
from .customer import Template, Unreachable

_UNDER_WAY = frozenset({"queued", "leased"})
_TAKEN_BACK = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Written:
    """A mail about a conversation: which promises are in it, and how far it got."""

    covered: frozenset[int]
    asked_for: frozenset[int]
    state: str

    @property
    def is_under_way(self) -> bool:
        return self.state in _UNDER_WAY

    @property
    def is_taken_back(self) -> bool:
        return self.state == _TAKEN_BACK


def about(conversation_id: int) -> str:
    """How the outbox names a conversation."""
    return f"conversation:{conversation_id}"


def covered_by(key: str) -> frozenset[int]:
    """The promises that stand in the mail with this key."""
    return _pks(key, place=2)


def written(conversation_id: int) -> list[Written]:
    """Every such mail about it, oldest first; one query."""
    return [
        Written(
            covered=covered_by(delivery.key),
            asked_for=_pks(delivery.key, place=3),
            state=delivery.state,
        )
        for delivery in outbox.deliveries_about([about(conversation_id)])
    ]


def of(
    commitments: Sequence[Commitment], *, asked_for: Collection[int], why: str, now: datetime
) -> Message | Unreachable:
    """The mail about these promises of one conversation, oldest first; not before the undo ends."""
    newest = commitments[-1]
    obstacle = customer.unreachable(newest.customer, Template.RECAP, now=now)
    if obstacle is not None:
        return obstacle
    covered = ".".join(str(each.pk) for each in commitments)
    asked = ".".join(str(pk) for pk in sorted(asked_for))
    return customer.about_conversation(
        commitments,
        Template.RECAP,
        key=f"recap:{why}:{covered}:{asked}:c{newest.customer_id}:email",
        about=about(newest.conversation_id),
        not_before=now + lengths.current().undo,
        now=now,
    )


def withdraw_summaries(
    commitments: Sequence[Commitment], made: Sequence[Event], *, now: datetime
) -> int:
    """The summary of each that has not gone out: the mail of all takes its place."""
    return outbox.withdraw(
        about=[each.about for each in commitments],
        event_ids=[event.pk for event in made],
        audience="customer",
        reason="in one mail with the others",
        now=now,
    )


def withdraw(conversation: Conversation, *, now: datetime) -> int:
    """What was written before is overtaken, unless it has gone out."""
    return outbox.withdraw(about=[about(conversation.pk)], reason="written anew", now=now)


def _pks(key: str, *, place: int) -> frozenset[int]:
    parts = key.split(":")
    listed = parts[place] if len(parts) > place and parts[0] == "recap" else ""
    return frozenset(int(pk) for pk in listed.split(".") if pk.isdecimal())
