"""What a mail would look like, on a real promise or, in a new house, on one that is made up.

Nothing is kept, nothing leads anywhere: the links are those of nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from commitments.models import (
    Commitment,
    Conversation,
    Customer,
    Event,
    EventKind,
    Kind,
    Team,
    User,
)
from commitments.rules.lifecycle import Status
from notifications import outbox
from notifications.envelope import JSON, Message

from . import customer, facts
from .texts import Template, Text
from .voice import Voice

TRIAL: Final = "text_trial"
_DAY: Final = timedelta(days=1)
_FITTING: Final[dict[Template, Q]] = {
    Template.PROGRESS: Q(status=Status.OPEN),
    Template.NEED: Q(status=Status.WAITING),
    Template.NUDGE: Q(status=Status.WAITING),
    Template.DONE: Q(status=Status.FULFILLED),
    Template.CHECK_IN: Q(status=Status.FULFILLED),
    Template.CANNOT_KEEP: Q(status=Status.BROKEN),
    Template.SLIP: Q(breached_at__isnull=False),
    Template.SLIP_NOTE: Q(breached_at__isnull=False, status=Status.OPEN),
    Template.SLIP_REASON: Q(breached_at__isnull=False),
}
_SAID_BY: Final[dict[Template, EventKind]] = {
    Template.PROGRESS: EventKind.UPDATED,
    Template.NEW_TIME: EventKind.MOVED,
    Template.SLIP: EventKind.MOVED,
    Template.DONE: EventKind.FULFILLED,
    Template.CANNOT_KEEP: EventKind.ABANDONED,
}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A mail in its words, and what it was laid out from."""

    subject: str
    text: str
    html: str
    context: dict[str, JSON]


def of(
    template: Template, text: Text, *, language: str, voice: Voice | None = None, now: datetime
) -> Sample:
    """This text as the mail would say it in that language."""
    known = voice or Voice.load()
    voice = Voice(brand=known.brand, own={(template.value, language): text})
    promise = _promise(template, now=now)
    promise.customer.language = language
    context = _context(template, promise, voice=voice, now=now)
    words = outbox.in_words(template.value, context, language=language)
    return Sample(subject=words.subject, text=words.text, html=words.html, context=context)


def trial(sample: Sample, *, key: str, to: User, language: str, now: datetime) -> Message:
    """The same as a mail to whoever asked for it, which says that it is a test."""
    with translation.override(language):
        subject = gettext("Test: %(subject)s") % {"subject": sample.subject}
    return Message(
        key=key,
        about=f"user:{to.pk}",
        audience="staff",
        person_id=to.pk,
        channel="email",
        address=to.email,
        name=to.name,
        template=TRIAL,
        context={**sample.context, "subject": subject, "stop_url": ""},
        not_before=now,
        sender=str(sample.context["sender"]),
        language=language,
    )


def _context(
    template: Template, promise: Commitment, *, voice: Voice, now: datetime
) -> dict[str, JSON]:
    page = f"{settings.PUBLIC_URL}/c/sample/"
    if template is Template.RECAP:
        return customer.conversation_in_words([promise], page=page, voice=voice, now=now)
    if template is Template.CHECK_IN:
        url = f"{page}check-in/"
        return customer.check_in_in_words([promise], url=url, page=page, voice=voice, now=now)
    event = _event(template, promise)
    on = facts.Occasion(
        commitment=promise,
        event=event,
        words=(event.words if event else "") or _words(template, promise),
        old_due_at=promise.due_at - _DAY,
        hear_by=max(promise.due_at, now) + _DAY,
        now=now,
    )
    return customer.promise_in_words(template, on, page=page, voice=voice)


def _promise(template: Template, *, now: datetime) -> Commitment:
    """The newest that fits, with what this mail needs to be said put in where it is missing."""
    all_of_them = Commitment.objects.exclude(status=Status.VOID).filter(hidden_at=None)
    newest = all_of_them.filter(customer__erased_at=None).with_everything().order_by("-pk")
    fitting = newest.filter(_FITTING.get(template, Q())).first()
    found = fitting or newest.first() or _made_up(now=now)
    found.closed_at = found.closed_at or now
    with translation.override(found.customer.language):
        found.waiting_for = found.waiting_for or gettext("One photo of the meter")
    if template in {Template.SLIP, Template.SLIP_NOTE, Template.SLIP_REASON}:
        found.breached_at = found.breached_at or found.due_at
    return found


def _made_up(*, now: datetime) -> Commitment:
    tom, team = Customer(name="Tom Okafor", email="tom@example.org"), Team(name="Customer care")
    return Commitment(
        pk=1,
        customer=tom,
        team=team,
        conversation=Conversation(customer=tom, team=team),
        owner=User(name="Ana Moreno"),
        kind=Kind(name="Callback"),
        wording="Call with a decision on the refund",
        promised_at=now - _DAY,
        first_due_at=now + _DAY,
        due_at=now + _DAY,
        due_zone=settings.COMPANY_ZONE,
    )


def _event(template: Template, promise: Commitment) -> Event | None:
    kind = _SAID_BY.get(template)
    if kind is None:
        return None
    told = promise.events.shown_to_customer().filter(kind=kind).select_related("actor")
    return told.newest_first().first()


def _words(template: Template, promise: Commitment) -> str:
    """What somebody might have written."""
    with translation.override(promise.customer.language):
        match template:
            case Template.PROGRESS:
                return gettext("It is on its way. I look after it every morning.")
            case Template.DONE:
                return gettext("It is done, and I have checked it twice.")
            case Template.CANNOT_KEEP:
                return gettext("It is not made any more. I can offer you the one that follows it.")
            case Template.STILL_OPEN:
                return gettext("The lid is still missing.")
            case _:
                return gettext("The part comes a day later than we were told.")
