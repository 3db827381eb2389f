"""What became of the ticket behind a promise: told on its history, and nothing else of it changes.

A promise belongs to the customer, not to the ticket. Closing, answering or merging that touches
neither its clock nor its owner, and no breach is noticed on the way.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from commitments.messages.timeline import append
from commitments.models import Commitment, Conversation, Event, EventKind, Occurrence
from commitments.models.commitment import CommitmentQuerySet

MOST = 200  # promises of one case that are told of it


class Fate(enum.StrEnum):
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A ticket, by its number and the address of its page."""

    number: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Telling:
    """`key` is the same however often it is told; `by_id` is the colleague who did it, if one did.

    Promises of this `origin` came from the help desk itself, which is called `desk`.
    """

    fate: Fate
    key: str
    desk: str
    origin: str
    by_id: int | None = None
    into: Case | None = None


@transaction.atomic
def tell(team_id: int, case: Case, telling: Telling, *, now: datetime) -> list[Commitment]:
    """Tell the promises of a case what became of it, each once; answers which were told.

    What is closed hears no more of it, but that its case goes on in another.
    """
    every = _about(team_id, case, telling.origin)
    if telling.fate is not Fate.MERGED:
        every = every.live()
    pks = list(every.order_by("pk").values_list("pk", flat=True)[:MOST])
    if telling.into is not None:
        # After it these are found by another case.
        talks = Conversation.objects.filter(pk__in=every.values("conversation"))
        talks.update(continued_in=telling.into.number, continued_url=telling.into.url)
    return [
        _told(commitment, case, telling, now=now)
        for commitment in _unaware(Commitment.objects.filter(pk__in=pks).held(), telling)
    ]


def gathered(origin: str, keys: Collection[str], case: Case) -> list[Case]:
    """Other cases whose messages are found in this one now, each as it was.

    `keys` are those of the messages; a promise that was made of one is known by it.
    """
    is_here = Q(conversation__outside_reference=case.number)
    is_known = Q(conversation__continued_in=case.number)
    found = Commitment.objects.filter(origin=origin, origin_key__in=keys)
    was = (
        found.exclude(is_here | is_known)
        .order_by("pk")
        .values_list("conversation__outside_reference", "conversation__outside_url")
    )
    return [Case(number=number, url=url) for number, url in dict.fromkeys(was[:MOST])]


def link(conversation: Conversation, url: str) -> None:
    """Remember where the page of its case is, if nobody has said that yet."""
    Conversation.objects.filter(pk=conversation.pk, outside_url="").update(outside_url=url)


def _about(team_id: int, case: Case, origin: str) -> CommitmentQuerySet:
    """What was promised in this case, or in one that goes on in it.

    Of two help desks whose tickets have the same number, the address tells which is meant, or that
    the promise came from there. Who logs one by hand may leave the address out.
    """
    came_from_there = Q(origin=origin)
    itself = Q(conversation__outside_reference=case.number) & (
        came_from_there | Q(conversation__outside_url__in=["", case.url])
    )
    later = Q(conversation__continued_in=case.number) & (
        came_from_there | Q(conversation__continued_url=case.url)
    )
    return Commitment.objects.filter(itself | later, conversation__team=team_id)


def _unaware(held: Iterable[Commitment], telling: Telling) -> list[Commitment]:
    """Those that have not been told this; an answer is not told right after another."""
    commitments = list(held)
    told = Event.objects.filter(commitment__in=commitments, kind=EventKind.CASE_TOLD)
    if telling.fate is Fate.ANSWERED:
        # One line says that answers are given; each of them stands in the help desk.
        told = told.filter(Q(changes__key=telling.key) | Q(changes__case=Fate.ANSWERED.value))
    else:
        told = told.filter(changes__key=telling.key)
    newest = {one.pk: one.event_count for one in commitments}
    aware = {
        event.commitment_id
        for event in told.only("commitment", "sequence", "changes")
        if event.changes["key"] == telling.key or event.sequence == newest[event.commitment_id]
    }
    return [one for one in commitments if one.pk not in aware]


def _told(commitment: Commitment, case: Case, telling: Telling, *, now: datetime) -> Commitment:
    facts = {
        "case": telling.fate.value,
        "number": case.number,
        "desk": telling.desk,
        "key": telling.key,
    }
    if telling.into is not None:
        facts |= {"into": telling.into.number}
    occurrence = Occurrence(
        kind=EventKind.CASE_TOLD,
        at=now,
        recorded_at=now,
        actor_id=telling.by_id,
        changes=facts,
    )
    append(commitment, occurrence)
    commitment.save(update_fields=["event_count", "head_hash"])
    return commitment
