"""What colleagues can do from a chat: links beneath a message, each to one deed.

A room is read by many, and programs look at links before people do. So a link is no key: it opens a
page that asks who is there, and there it is one press. It says which deed is meant, for whom, and
under which deadline; when that has changed, or a day has passed, it leads to the promise instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from commitments import links
from commitments.errors import CommitmentError
from commitments.links import Purpose
from commitments.models import Commitment
from commitments.rules import lifecycle
from notifications.envelope import Action, Delivered

from .naming import id_in, ids_in

CHANNEL = "chat"
# By the names of the pages on which they are done.
DEEDS: Mapping[str, tuple[str, str]] = {
    "done": ("Done", "fulfil"),
    "acknowledge": ("I have it", "acknowledge"),
}


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What a link says: which deed of which promise, under which deadline, and who was written to.

    `deed` is one of DEEDS.
    """

    commitment_id: int
    deed: str
    revision: int
    person_id: int


def of(keys: Sequence[Delivered]) -> Mapping[str, tuple[Action, ...]]:
    """By key, for messages to chats about promises; one query where there are any."""
    asked = [each for each in keys if each.channel == CHANNEL and each.person_id]
    pks = ids_in((each.about for each in asked), "commitment")
    if not pks:
        return {}
    found = Commitment.objects.only("status", "due_at", "revision").in_bulk(pks)
    return {
        each.key: tuple(_actions(commitment, each))
        for each in asked
        if (commitment := found.get(id_in(each.about, "commitment") or 0)) is not None
    }


def read(token: str, *, now: datetime) -> Ticket | None:
    """What a link says, or None where it is forged, garbled or out of date."""
    link = links.read(token, purpose=Purpose.CHAT, now=now)
    if link is None:
        return None
    deed, revision, person = link.version.split(".")
    return Ticket(
        commitment_id=link.subject, deed=deed, revision=int(revision), person_id=int(person)
    )


def write(ticket: Ticket, *, now: datetime) -> str:
    """A token that is good for a day."""
    version = f"{ticket.deed}.{ticket.revision}.{ticket.person_id}"
    return links.write(purpose=Purpose.CHAT, subject=ticket.commitment_id, version=version, now=now)


def _actions(commitment: Commitment, delivered: Delivered) -> Iterator[Action]:
    """Those that make sense as the promise stands; to move it, it is looked at first."""
    at = delivered.at
    if at is None or not commitment.is_live:
        return
    for deed, (label, verb) in DEEDS.items():
        if _makes_sense(verb, commitment, now=at):
            ticket = Ticket(
                commitment_id=commitment.pk,
                deed=deed,
                revision=commitment.revision,
                person_id=delivered.person_id or 0,
            )
            yield Action(label, f"{settings.PUBLIC_URL}/chat/{write(ticket, now=at)}/")
    yield Action("Move", f"{settings.PUBLIC_URL}/promises/{commitment.reference}/")


def _makes_sense(verb: str, commitment: Commitment, *, now: datetime) -> bool:
    try:
        lifecycle.check_makes_sense(
            verb, status=commitment.status, due_at=commitment.due_at, now=now
        )
    except CommitmentError:
        return False
    return True
