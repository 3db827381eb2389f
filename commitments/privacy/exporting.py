"""Everything we hold about one customer, as JSON for programs and as a page to read.

Team notes are among it: they are about them. What colleagues were sent about them is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.template.loader import render_to_string

from commitments.messages import forgetting
from commitments.models import (
    CallAttempt,
    CheckInAnswer,
    Commitment,
    Conversation,
    Customer,
    Event,
    Suggestion,
)

Record = dict[str, Any]  # Any: JSON

_PARTS = (
    *(
        "merged",
        "conversations",
        "promises",
        "history",
        "calls",
        "check_ins",
        "suggestions",
        "messages",
    ),
)


def everything_about(customer: Customer, *, now: datetime) -> Record:
    """As JSON; instants are UTC. As many queries for a thousand promises as for one."""
    promises = Commitment.objects.filter(customer=customer).order_by("pk")
    return {
        "made_at": _instant(now),
        "customer": _customer(customer),
        "merged": [_customer(each) for each in customer.merged.order_by("pk")],
        "conversations": [_conversation(each) for each in _conversations(customer)],
        "promises": [_promise(each) for each in promises.select_related("team", "owner", "kind")],
        "history": [_event(each) for each in _events(customer)],
        "calls": [_call(each) for each in _calls(customer)],
        "check_ins": [_answer(each) for each in _answers(customer)],
        "suggestions": [_suggestion(each) for each in _suggestions(customer)],
        "messages": [_message(each) for each in forgetting.letters_to(customer)],
    }


def page(record: Record) -> str:
    """The same as HTML that stands alone."""
    parts = [(name.replace("_", "-").capitalize(), record[name]) for name in _PARTS]
    return render_to_string("commitments/privacy/record.html", {**record, "parts": parts})


def _customer(customer: Customer) -> Record:
    return {
        "id": customer.pk,
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "external_source": customer.external_source,
        "external_id": customer.external_id,
        "zone": customer.zone,
        "language": customer.language,
        "stopped_at": _maybe(customer.stopped_at),
        "mails_wanted_at": _maybe(customer.mails_wanted_at),
    }


def _conversations(customer: Customer) -> Iterable[Conversation]:
    return customer.conversations.select_related("team", "agent").order_by("pk")


def _conversation(talk: Conversation) -> Record:
    return {
        "id": talk.pk,
        "at": _instant(talk.at),
        "channel": talk.channel,
        "team": talk.team.name,
        "agent": talk.agent.name if talk.agent else None,
        "case": talk.outside_reference,
        "case_url": talk.outside_url,
    }


def _promise(promise: Commitment) -> Record:
    return {
        "reference": promise.reference,
        "conversation": promise.conversation_id,
        "wording": promise.wording,
        "kind": promise.kind.name,
        "team": promise.team.name,
        "owner": promise.owner.name if promise.owner else None,
        "promised_at": _instant(promise.promised_at),
        "due_said": promise.due_said,
        "first_due_at": _instant(promise.first_due_at),
        "due_at": _instant(promise.due_at),
        "status": promise.status,
        "outcome": promise.outcome,
        "closed_at": _maybe(promise.closed_at),
        "value": str(promise.value) if promise.value is not None else None,
        "currency": promise.currency,
        "evidence": promise.evidence,
        "team_note": promise.team_note,
        "waiting_for": promise.waiting_for,
    }


def _events(customer: Customer) -> Iterable[Event]:
    theirs = Event.objects.filter(commitment__customer=customer)
    together = theirs.select_related("commitment", "actor", "text", "attachment")
    return together.order_by("commitment", "sequence")


def _event(event: Event) -> Record:
    return {
        "promise": event.commitment.reference,
        "what": event.kind,
        "at": _instant(event.at),
        "who": event.actor.name if event.actor else None,
        "words": event.words,
        "shown_to_customer": event.visible,
        "file": event.attachment.name if hasattr(event, "attachment") else None,
    }


def _calls(customer: Customer) -> Iterable[CallAttempt]:
    tried = CallAttempt.objects.filter(commitment__customer=customer)
    return tried.select_related("commitment").order_by("pk")


def _call(attempt: CallAttempt) -> Record:
    return {
        "promise": attempt.commitment.reference,
        "at": _instant(attempt.at),
        "outcome": attempt.outcome,
        "note": attempt.note,
    }


def _answers(customer: Customer) -> Iterable[CheckInAnswer]:
    return CheckInAnswer.objects.filter(check_in__customer=customer).order_by("pk")


def _answer(answer: CheckInAnswer) -> Record:
    return {
        "at": _instant(answer.at),
        "done": answer.done,
        "still_open": answer.still_open,
        "rating": answer.rating,
        "words": answer.words,
    }


def _suggestions(customer: Customer) -> Iterable[Suggestion]:
    return Suggestion.objects.filter(customer=customer).select_related("text").order_by("pk")


def _suggestion(suggestion: Suggestion) -> Record:
    words = suggestion.words
    return {
        "at": _instant(suggestion.said_at),
        "from": suggestion.source,
        "said": words.said,
        "wording": words.wording,
        "outcome": suggestion.outcome,
    }


def _message(letter: forgetting.Sent) -> Record:
    return {
        "at": _instant(letter.at),
        "to": letter.to,
        "by": letter.channel,
        "state": letter.state,
        "subject": letter.subject,
        "text": letter.text,
    }


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else _instant(at)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
