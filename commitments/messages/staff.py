"""What goes to colleagues, once to each of them: by which ways is theirs to say, not ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings

from commitments.models import Commitment, User
from commitments.rules import saying
from notifications.envelope import JSON, Message

from .roster import Roster


class Template(StrEnum):
    """Each is a folder under templates/messages/."""

    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    ASK_AGAIN = "ask_again"
    UPDATE_DUE = "update_due"
    DECIDE = "decide"
    HANDED_OVER = "handed_over"
    HANDED_ON = "handed_on"
    HELP_WANTED = "help_wanted"
    UPDATE_WANTED = "update_wanted"
    REOPENED = "reopened"
    CUSTOMER_STILL_OPEN = "customer_still_open"
    CUSTOMER_WROTE = "customer_wrote"
    CUSTOMER_DISPUTES = "customer_disputes"
    LOW_RATING = "low_rating"
    UNDELIVERED = "undelivered"
    UNREACHED = "unreached"


# What may be left out by somebody who wants only what is overdue or asks for them.
ORDINARY = frozenset({Template.REMINDER, Template.UPDATE_DUE})

# Much of what a round says is due at the same few times.
_say_time = lru_cache(maxsize=1024)(saying.say_time)


def to(
    people: Iterable[User],
    commitment: Commitment,
    template: Template,
    *,
    roster: Roster,
    reason: str,
    now: datetime,
    event_id: int | None = None,
    words: str = "",
    pierces_quiet: bool = False,
    late: bool = False,
    meant_at: datetime | None = None,
    more: Mapping[str, JSON] | None = None,
) -> Iterator[Message]:
    """One message per person, who is reached as they wish: the outbox knows the ways.

    Whoever is away and stood in for finds it in their inbox only; who stands in is told instead.

    `reason` is the key's beginning: why it is sent. `late` says that an outage lies in between;
    then it says from when to when nothing could be sent, where it is known when it was `meant_at`.
    `more` is what this one template says besides.
    """
    is_escalation = commitment.is_overdue(now) or template not in ORDINARY
    company = settings.COMPANY_NAME
    for reader in _readers(people, commitment, roster):
        person = reader.person
        context = _context(commitment, reader, company=company, words=words, now=now)
        if more:
            context.update(more)
        if late and meant_at is not None:
            context["late"] = _late(meant_at, person, now=now)
        yield Message(
            key=f"{reason}:u{person.id}{':inbox' if reader.rests else ''}",
            about=commitment.about,
            event_id=event_id,
            audience="staff",
            person_id=person.id,
            channel="inbox" if reader.rests else "",
            address=person.email,
            name=person.name,
            template=template.value,
            context=context,
            urgent=commitment.urgent,
            is_escalation=is_escalation,
            pierces_quiet=pierces_quiet,
            work_resumes_at=roster.work_resumes_at(person, commitment.team_id),
            late=late,
            not_before=now,
            sender=company,
            language=person.language,
        )


class _Reader(NamedTuple):
    """Somebody who is told; `rests` while they are away, `instead_of` whom they stand in for."""

    person: User
    rests: bool = False
    instead_of: str = ""


def _readers(people: Iterable[User], commitment: Commitment, roster: Roster) -> Iterable[_Reader]:
    """Each once, and beside those who are away whoever stands in for them."""
    told: dict[int, _Reader] = {}
    for person in people:
        stand_ins = roster.stand_ins(commitment, person)
        told[person.id] = _Reader(person, rests=bool(stand_ins))
        for other in stand_ins:
            told.setdefault(other.id, _Reader(other, instead_of=person.first_name))
    return told.values()


def _late(meant_at: datetime, person: User, *, now: datetime) -> dict[str, JSON]:
    return {
        "since_at": meant_at.isoformat(),
        "until_at": now.isoformat(),
        "since": _say_time(meant_at, zone=person.zone, now=now),
        "until": _say_time(now, zone=person.zone, now=now),
    }


def _context(
    commitment: Commitment, reader: _Reader, *, company: str, words: str, now: datetime
) -> dict[str, JSON]:
    person, customer = reader.person, commitment.customer
    owner, reference = commitment.owner, commitment.reference
    return {
        "person": person.first_name,
        "customer": customer.first_name,
        "customer_name": customer.name,
        "wording": commitment.wording,
        "reference": reference,
        "due": _say_time(commitment.due_at, zone=person.zone, now=now),
        "owner": owner.first_name if owner else "",
        "is_owner": owner is not None and owner.id == person.id,
        "not_told": commitment.is_not_told(now),
        "is_overdue": commitment.is_overdue(now),
        "waiting_for": commitment.waiting_for,
        "company": company,
        "words": words,
        "instead_of": reader.instead_of,
        "url": f"{settings.PUBLIC_URL}/promises/{reference}/",
    }
