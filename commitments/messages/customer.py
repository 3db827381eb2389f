"""What goes to a customer. It is put into words when it is enqueued: what was previewed is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation

from commitments import lengths, spoken
from commitments.models import CheckIn, Commitment, Customer, Event
from notifications.envelope import JSON, Message

from . import facts, frame
from .facts import (
    KEEP_BY,
    answer_within,
    how_it_ended,
    how_to_reach_us,
    keep_by,
    say,
    who_owes,
    zone_of,
)
from .pages import check_in_path, link_version, status_path
from .reaching import Unreachable, unreachable
from .texts import Template
from .voice import Voice

__all__ = [
    "AUTOMATIC",
    "KEEP_BY",
    "Template",
    "Unreachable",
    "Voice",
    "about_conversation",
    "about_promise",
    "answer_within",
    "check_in",
    "check_in_path",
    "how_it_ended",
    "how_to_reach_us",
    "keep_by",
    "language_of",
    "link_version",
    "say",
    "status_path",
    "unreachable",
    "who_owes",
    "zone_of",
]

# Sent by the ladder or the clock: no person wrote or approved them, so they end no silence.
AUTOMATIC = frozenset({Template.SLIP_NOTE, Template.NUDGE, Template.CHECK_IN, Template.STILL_OPEN})
# The ladder's own, unless somebody sent one; nobody is there who could take them back.
_AT_ONCE = AUTOMATIC | {Template.SLIP_REASON}


def language_of(customer: Customer) -> str:
    """The language we write in to this customer."""
    return spoken.language(customer.language)


def about_promise(
    commitment: Commitment,
    template: Template,
    *,
    event: Event,
    now: datetime,
    words: str = "",
    old_due_at: datetime | None = None,
    hear_by: datetime | None = None,
    at_once: bool = False,
    reason: str = "",
    voice: Voice | None = None,
    meant_at: datetime | None = None,
) -> Message | Unreachable:
    """One mail about one promise, not before the undo ends unless it is to go `at_once`.

    `reason` is the key's beginning: why it is sent; the event's id if nothing else is said. A note
    of the ladder's that gives a reason somebody approved is no automatic note any more. Whoever
    writes many loads the `voice` once. `meant_at` is the moment of what nobody wrote, now if
    nothing else is said: it dies in the outbox once it is stale.
    """
    if template is Template.SLIP_NOTE and words:
        template = Template.SLIP_REASON
    obstacle = unreachable(commitment.customer, template, now=now)
    if obstacle is not None:
        return obstacle
    voice = voice or Voice.load()
    on = facts.Occasion(
        commitment=commitment,
        event=event,
        words=words,
        old_due_at=old_due_at,
        hear_by=hear_by,
        now=now,
    )
    page = f"{settings.PUBLIC_URL}{status_path(commitment.conversation, now=now)}"
    by_hand = template is Template.NUDGE and event.actor_id is not None
    is_the_clocks = template in _AT_ONCE and not by_hand
    figures = lengths.current()
    wait = timedelta(0) if at_once or is_the_clocks else figures.undo
    stale_at = (meant_at or now) + figures.stale_after
    return _message(
        commitment,
        template,
        key=f"{reason or event.pk}:c{commitment.customer_id}:email",
        about=commitment.about,
        event_id=event.pk,
        context=promise_in_words(template, on, page=page, voice=voice),
        urgent=commitment.urgent,
        not_before=now + wait,
        expires_at=stale_at if is_the_clocks else None,
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
    newest, voice = commitments[-1], Voice.load()
    page = f"{settings.PUBLIC_URL}{status_path(newest.conversation, now=now)}"
    return _message(
        newest,
        template,
        key=key,
        about=about,
        event_id=None,
        context=conversation_in_words(commitments, page=page, voice=voice, now=now),
        urgent=any(each.urgent for each in commitments),
        not_before=not_before,
    )


def check_in(
    check_in: CheckIn, *, not_before: datetime, now: datetime, meant_at: datetime | None = None
) -> Message | Unreachable:
    """The one question, some time after. By hand it has no `meant_at`, and so grows not stale."""
    obstacle = unreachable(check_in.customer, Template.CHECK_IN, now=now)
    if obstacle is not None:
        return obstacle
    commitments, voice = check_in.commitments(), Voice.load()
    newest = commitments[-1]
    page = f"{settings.PUBLIC_URL}{status_path(newest.conversation, now=now)}"
    url = f"{settings.PUBLIC_URL}{check_in_path(check_in, now=now)}"
    return _message(
        newest,
        Template.CHECK_IN,
        key=f"{check_in.about}:c{check_in.customer_id}:email",
        about=check_in.about,
        event_id=None,
        context=check_in_in_words(commitments, url=url, page=page, voice=voice, now=now),
        urgent=False,
        not_before=not_before,
        expires_at=meant_at + lengths.current().check_in_stale_after if meant_at else None,
    )


def promise_in_words(
    template: Template, on: facts.Occasion, *, page: str, voice: Voice
) -> dict[str, JSON]:
    """What a mail about one promise is laid out from, in the customer's language."""
    with translation.override(language_of(on.commitment.customer)):
        values = facts.of_promise(template, on, brand=voice.brand)
        return frame.around(template, values, [on.commitment], page=page, voice=voice)


def conversation_in_words(
    commitments: Sequence[Commitment], *, page: str, voice: Voice, now: datetime
) -> dict[str, JSON]:
    """The same of a mail about several promises of one call."""
    with translation.override(language_of(commitments[-1].customer)):
        values = facts.of_conversation(commitments, brand=voice.brand, now=now)
        return frame.around(Template.RECAP, values, commitments, page=page, voice=voice)


def check_in_in_words(
    commitments: Sequence[Commitment], *, url: str, page: str, voice: Voice, now: datetime
) -> dict[str, JSON]:
    """The same of the one question."""
    with translation.override(language_of(commitments[-1].customer)):
        values = facts.of_check_in(commitments, url=url, brand=voice.brand, now=now)
        return frame.around(Template.CHECK_IN, values, commitments, page=page, voice=voice)


def _message(
    commitment: Commitment,
    template: Template,
    *,
    key: str,
    about: str,
    event_id: int | None,
    context: Mapping[str, JSON],
    urgent: bool,
    not_before: datetime,
    expires_at: datetime | None = None,
) -> Message:
    customer = commitment.customer
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
        expires_at=expires_at,
        sender=str(context["sender"]),
        language=language_of(customer),
    )
