"""Everything we hold about one customer, as JSON for programs and as a page to read.

Team notes are among it: they are about them. What colleagues were sent about them is not; all that
is left out stands with its reason in docs/privacy.md. Files that they sent are listed with where
each is saved from, and what it must come to: a hundred of them would be a file nobody can open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string

from commitments.messages import forgetting
from commitments.models import (
    Attachment,
    CallAttempt,
    CheckInAnswer,
    Commitment,
    Conversation,
    Customer,
    Event,
    QuarantinedMail,
    Suggestion,
)

Record = dict[str, Any]  # Any: JSON

_PARTS = (
    *("merged", "conversations", "promises", "history", "files", "calls", "check_ins"),
    *("suggestions", "messages", "closed_addresses", "unread_mails"),
)


def everything_about(customer: Customer, *, now: datetime) -> Record:
    """As JSON; instants are UTC. As many queries for a thousand promises as for one."""
    merged = list(customer.merged.order_by("pk"))
    entries = [customer, *merged]
    return {
        "made_at": _instant(now),
        "customer": _customer(customer),
        "merged": [_customer(each) for each in merged],
        "conversations": [_conversation(each) for each in _conversations(customer)],
        "promises": [_promise(each) for each in _promises(customer)],
        "history": [_event(each) for each in _events(customer)],
        "files": [_file(each) for each in files_of(customer)],
        "calls": [_call(each) for each in _calls(customer)],
        "check_ins": [_answer(each) for each in _answers(customer)],
        "suggestions": [_suggestion(each) for each in _suggestions(customer, entries)],
        "messages": [_message(each) for each in forgetting.letters_to(customer)],
        "closed_addresses": _closed_addresses(customer, entries),
        "unread_mails": [_mail(each) for each in _mails(entries)],
    }


def page(record: Record) -> str:
    """The same as HTML that stands alone."""
    parts = [(_spaced(name).capitalize(), [_lines(row) for row in record[name]]) for name in _PARTS]
    context = {**record, "customer_lines": _lines(record["customer"]), "parts": parts}
    return render_to_string("commitments/privacy/record.html", context)


def files_of(customer: Customer) -> Iterable[Attachment]:
    """What they sent along, in the order in which it came."""
    theirs = Attachment.objects.filter(event__commitment__customer=customer)
    return theirs.select_related("event__commitment").order_by("pk")


def _spaced(name: str) -> str:
    return "Check-ins" if name == "check_ins" else name.replace("_", " ")


def _lines(row: Record) -> list[tuple[str, str]]:
    """What there is of it, for people to read."""
    said = ((_spaced(name), _readable(value)) for name, value in row.items())
    return [(name, words) for name, words in said if words]


def _readable(value: Any, between: str = "\n") -> str:  # Any: JSON
    """Of a list or an object each part on a line of its own."""
    if isinstance(value, dict):
        return between.join(f"{_spaced(name)}: {_readable(each)}" for name, each in value.items())
    if isinstance(value, list):
        return between.join(_readable(each, ", ") for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


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
        "continued_in": talk.continued_in,
        "continued_url": talk.continued_url,
    }


def _promises(customer: Customer) -> Iterable[Commitment]:
    theirs = Commitment.objects.filter(customer=customer).order_by("pk")
    return theirs.select_related("team", "owner", "kind", "value_reason")


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
        "due_steps": promise.due_steps,
        "first_due_at": _instant(promise.first_due_at),
        "due_at": _instant(promise.due_at),
        "status": promise.status,
        "outcome": promise.outcome,
        "closed_at": _maybe(promise.closed_at),
        "value": str(promise.value) if promise.value is not None else None,
        "currency": promise.currency,
        "value_reason": promise.value_reason.words if hasattr(promise, "value_reason") else None,
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
        "words_before": event.words_before,
        "shown_to_customer": event.visible,
        "file": event.attachment.name if hasattr(event, "attachment") else None,
    }


def _file(sent: Attachment) -> Record:
    promise = sent.event.commitment.reference
    return {
        "promise": promise,
        "at": _instant(sent.at),
        "name": sent.name,
        "type": sent.media_type,
        "size": sent.size,
        "sha256": _digest(sent),
        "saved_from": f"{settings.PUBLIC_URL}/promises/{promise}/files/{sent.pk}/",
    }


def _digest(sent: Attachment) -> str | None:
    """None where a backup was brought back without the file."""
    digest = hashlib.sha256()
    try:
        with sent.open() as file:
            for part in file.chunks():
                digest.update(part)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


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


def _suggestions(customer: Customer, entries: Sequence[Customer]) -> Iterable[Suggestion]:
    """Theirs, and those that nobody has told are theirs, but which say their e-mail."""
    theirs = Q(customer=customer)
    for email in _emails(entries):
        theirs |= Q(text__email__iexact=email)
    return Suggestion.objects.filter(theirs).select_related("text").order_by("pk")


def _suggestion(suggestion: Suggestion) -> Record:
    words = suggestion.words
    return {
        "at": _instant(suggestion.said_at),
        "from": suggestion.source,
        "name": words.name,
        "email": words.email,
        "phone": words.phone,
        "said": words.said,
        "wording": words.wording,
        "due_said": words.due_said,
        "case": words.case,
        "case_url": words.case_url,
        "outcome": suggestion.outcome,
    }


def _message(letter: forgetting.Sent) -> Record:
    return {
        "at": _instant(letter.at),
        "to": letter.to,
        "name": letter.name,
        "by": letter.channel,
        "state": letter.state,
        "reason": letter.reason,
        "subject": letter.subject,
        "text": letter.text,
    }


def _closed_addresses(customer: Customer, entries: Sequence[Customer]) -> list[Record]:
    addresses = [said for each in entries for said in (each.email, each.phone) if said]
    return [
        {
            "channel": each.channel,
            "address": each.address,
            "since": _instant(each.since),
            "cause": each.cause,
        }
        for each in forgetting.closed_to(customer, addresses=addresses)
    ]


def _mails(entries: Sequence[Customer]) -> Iterable[QuarantinedMail]:
    return QuarantinedMail.objects.naming(list(_emails(entries))).order_by("pk")


def _mail(mail: QuarantinedMail) -> Record:
    return {
        "at": _instant(mail.at),
        "reason": mail.reason,
        "size": mail.size,
        "content": mail.beginning,
    }


def _emails(entries: Sequence[Customer]) -> Iterator[str]:
    return (each.email for each in entries if each.email)


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else _instant(at)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
