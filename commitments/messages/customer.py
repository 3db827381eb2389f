"""What goes to a customer. It is put into words when it is enqueued: what was previewed is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings

from commitments import lengths, links
from commitments.models import CheckIn, Commitment, Conversation, Customer, Event, EventKind
from commitments.rules import saying
from notifications.envelope import JSON, Message


class Template(StrEnum):
    """The mails of a promise's life; each is a folder under templates/messages/."""

    AGREEMENT = "agreement"
    RECAP = "recap"
    PROGRESS = "progress"
    NEW_TIME = "new_time"
    SLIP = "slip"
    SLIP_NOTE = "slip_note"
    SLIP_REASON = "slip_reason"
    NEED = "need"
    NUDGE = "nudge"
    DONE = "done"
    CHECK_IN = "check_in"
    STILL_OPEN = "still_open"
    CANNOT_KEEP = "cannot_keep"


# Sent by the ladder or the clock: no person wrote or approved them, so they end no silence.
AUTOMATIC = frozenset({Template.SLIP_NOTE, Template.NUDGE, Template.CHECK_IN, Template.STILL_OPEN})
# The ladder's own, unless somebody sent one; nobody is there who could take them back.
_AT_ONCE = AUTOMATIC | {Template.SLIP_REASON}

KEEP_BY: dict[str, str] = {
    Commitment.KeepBy.PHONE: "by phone",
    Commitment.KeepBy.EMAIL: "by e-mail",
    Commitment.KeepBy.POST: "by post",
}


@dataclass(frozen=True)
class Unreachable:
    """Why a customer cannot be written to; the sentence stands on the timeline."""

    reason: str


def unreachable(customer: Customer, *, now: datetime) -> Unreachable | None:
    if not customer.is_reachable:
        return Unreachable(f"{customer.first_name} has no e-mail address. Please call.")
    if customer.has_stopped(now):
        return Unreachable(f"{customer.first_name} asked for no more e-mails. Please call.")
    return None


def about_promise(
    commitment: Commitment,
    template: Template,
    *,
    event: Event,
    now: datetime,
    words: str = "",
    old_due_at: datetime | None = None,
    at_once: bool = False,
    reason: str = "",
) -> Message | Unreachable:
    """One mail about one promise, not before the undo ends unless it is to go `at_once`.

    `reason` is the key's beginning: why it is sent; the event's id if nothing else is said. A note
    of the ladder's that gives a reason somebody approved is no automatic note any more.
    """
    if template is Template.SLIP_NOTE and words:
        template = Template.SLIP_REASON
    obstacle = unreachable(commitment.customer, now=now)
    if obstacle is not None:
        return obstacle
    context = {
        **_common(commitment, now=now),
        "words": words,
        "old_due": _say(old_due_at, commitment, now=now) if old_due_at else "",
        "waiting_for": commitment.waiting_for,
        "first_due": _say(commitment.first_due_at, commitment, now=now),
        "closed": _say(commitment.closed_at, commitment, now=now),
        "author": _author(event, commitment),
        "is_overdue": commitment.is_overdue(now),
    }
    by_hand = template is Template.NUDGE and event.actor_id is not None
    is_the_clocks = template in _AT_ONCE and not by_hand
    wait = timedelta(0) if at_once or is_the_clocks else lengths.current().undo
    return _message(
        commitment.customer,
        template,
        key=f"{reason or event.pk}:c{commitment.customer_id}:email",
        about=commitment.about,
        event_id=event.pk,
        context=context,
        sender=_sender(commitment),
        urgent=commitment.urgent,
        not_before=now + wait,
    )


def about_conversation(
    commitments: Sequence[Commitment],
    template: Template,
    *,
    key: str,
    about: str,
    not_before: datetime,
    now: datetime,
) -> Message:
    """One mail about several promises of one conversation; the caller knows that it can be sent."""
    newest = commitments[-1]
    context = {
        **_common(newest, now=now),
        "promises": [_agreed(each, now=now) for each in commitments],
    }
    return _message(
        newest.customer,
        template,
        key=key,
        about=about,
        event_id=None,
        context=context,
        sender=_sender(newest),
        urgent=any(each.urgent for each in commitments),
        not_before=not_before,
    )


def check_in(check_in: CheckIn, *, now: datetime) -> Message | Unreachable:
    """The one question, some time after."""
    obstacle = unreachable(check_in.customer, now=now)
    if obstacle is not None:
        return obstacle
    commitments = check_in.commitments()
    newest = commitments[-1]
    link = check_in_path(check_in, now=now)
    context = {
        **_common(newest, now=now),
        "check_in_url": f"{settings.PUBLIC_URL}{link}",
        "promises": [_kept(each, now=now) for each in commitments],
        "was_late": any(_was_late(each) for each in commitments),
        "answer_within": answer_within(),
    }
    return _message(
        check_in.customer,
        Template.CHECK_IN,
        key=f"{check_in.about}:c{check_in.customer_id}:email",
        about=check_in.about,
        event_id=None,
        context=context,
        sender=_sender(newest),
        urgent=False,
        not_before=now,
    )


def status_path(conversation: Conversation, *, now: datetime) -> str:
    """The address of the customer's page about one conversation."""
    token = links.write(
        purpose=links.Purpose.STATUS,
        subject=conversation.pk,
        version=link_version(conversation.customer, conversation),
        now=now,
    )
    return f"/c/{token}/"


def check_in_path(check_in: CheckIn, *, now: datetime) -> str:
    token = links.write(
        purpose=links.Purpose.CHECK_IN,
        subject=check_in.pk,
        version=link_version(check_in.customer),
        now=now,
    )
    return f"/c/{token}/check-in/"


def link_version(customer: Customer, conversation: Conversation | None = None) -> str:
    """What a link was made from; raising either row's version revokes it."""
    own = conversation.link_version if conversation else 0
    return f"{customer.link_version}.{own}"


def zone_of(commitment: Commitment) -> str:
    """The customer's own zone, or else the team's."""
    return commitment.customer.zone or commitment.due_zone


def who_owes(commitment: Commitment) -> str:
    """The name a customer reads: whoever owns the promise, or else the team."""
    return commitment.owner.first_name if commitment.owner else commitment.team.name


def how_to_reach_us() -> str:
    """What a sentence goes on with after "please"."""
    ways = [
        settings.COMPANY_PHONE and f"call us on {settings.COMPANY_PHONE}",
        settings.COMPANY_EMAIL and f"write to {settings.COMPANY_EMAIL}",
    ]
    return " or ".join(way for way in ways if way) or "reply to our e-mail"


def answer_within() -> str:
    """How soon somebody answers who says that something is still open."""
    hours = lengths.current().still_open_within // timedelta(hours=1)
    return saying.say_count(hours, "working hour") if hours else "the hour"


def how_it_ended(commitment: Commitment) -> str:
    """The words with which somebody told the customer that it is done."""
    told = commitment.events.shown_to_customer().filter(kind=EventKind.FULFILLED)
    newest = told.newest_first().first()
    return newest.words if newest else ""


def _common(commitment: Commitment, *, now: datetime) -> dict[str, JSON]:
    zone = zone_of(commitment)
    path = status_path(commitment.conversation, now=now)
    promised_on = saying.say_day(commitment.promised_at, zone=zone, now=now, audience="customer")
    return {
        "customer": commitment.customer.first_name,
        "company": settings.COMPANY_NAME,
        "company_phone": settings.COMPANY_PHONE,
        "contact": how_to_reach_us(),
        "wording": commitment.wording,
        "due": _say(commitment.due_at, commitment, now=now),
        "keep_by": KEEP_BY.get(commitment.keep_by, ""),
        "was_late": _was_late(commitment),
        "owner": who_owes(commitment),
        "reference": commitment.reference,
        "promised_on": promised_on,
        "case": commitment.conversation.outside_reference,
        "status_url": f"{settings.PUBLIC_URL}{path}",
    }


def _agreed(commitment: Commitment, *, now: datetime) -> dict[str, JSON]:
    """One promise of several: what we will do, by when, and who sees to it."""
    return {
        "wording": commitment.wording,
        "due": _say(commitment.due_at, commitment, now=now),
        "owner": who_owes(commitment),
        "keep_by": KEEP_BY.get(commitment.keep_by, ""),
    }


def _kept(commitment: Commitment, *, now: datetime) -> dict[str, JSON]:
    """One promise a check-in asks about: what was promised, and what happened."""
    return {
        "wording": commitment.wording,
        "due": _say(commitment.due_at, commitment, now=now),
        "closed": _say(commitment.closed_at, commitment, now=now),
        "words": how_it_ended(commitment),
    }


def _say(at: datetime | None, commitment: Commitment, *, now: datetime) -> str:
    """In the customer's time, which is named where it is not the team's."""
    if at is None:
        return ""
    zone = zone_of(commitment)
    said = saying.say_time(at, zone=zone, now=now, audience="customer")
    return said if zone == commitment.due_zone else f"{said} ({saying.say_zone(zone)})"


def _was_late(commitment: Commitment) -> bool:
    """Whether a promised time passed with nothing done: only then do we say that we are sorry."""
    return commitment.breached_at is not None


def _author(event: Event, commitment: Commitment) -> str:
    return event.actor.first_name if event.actor else who_owes(commitment)


def _sender(commitment: Commitment) -> str:
    return f"{who_owes(commitment)} at {settings.COMPANY_NAME}"


def _message(
    customer: Customer,
    template: Template,
    *,
    key: str,
    about: str,
    event_id: int | None,
    context: Mapping[str, JSON],
    sender: str,
    urgent: bool,
    not_before: datetime,
) -> Message:
    return Message(
        key=key,
        about=about,
        event_id=event_id,
        audience="customer",
        person_id=None,
        channel="email",
        address=customer.email,
        name=customer.name,
        template=template.value,
        context=context,
        urgent=urgent,
        not_before=not_before,
        sender=sender,
        language=customer.language,
    )
