"""A customer is erased: who they were and every word go; what was promised and kept stays counted.

The chain of events holds: events carry no words of their own, only the salted digest of words that
lie apart and can go. Times, states, outcomes, ratings and figures stay, of nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q

from commitments import once
from commitments.errors import CommitmentError
from commitments.messages import forgetting, timeline
from commitments.models import (
    Attachment,
    CallAttempt,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Conversation,
    Customer,
    EventKind,
    EventText,
    Occurrence,
    QuarantinedMail,
    SuggestionText,
    Thanks,
    User,
    ValueReason,
)
from commitments.rules import reference

ERASED = "Erased"
_NAMED = 5  # open promises, in the refusal


@dataclass(frozen=True, kw_only=True)
class Erased:
    """How much there was."""

    promises: int
    messages: int
    files: int


def erase(customer_id: int, *, by: User | None, now: datetime) -> Erased:
    """Forget a customer for good. `by` None: on the console.

    Raises CommitmentError where they are erased already, or where something is still promised to
    them: that is ended first, so that nobody is left waiting without a word.
    """
    with transaction.atomic():
        customer, promises = held(customer_id)
        _check(customer)
        erased, said = forget(customer, promises, by=by, now=now)
    forgetting.forget_mentions(said)
    return erased


def held(customer_id: int) -> tuple[Customer, list[Commitment]]:
    """They and what was promised to them, locked until the transaction ends; so is who was merged
    into them.
    """
    promises = list(Commitment.objects.filter(customer=customer_id).held().order_by("pk"))
    entries = Customer.objects.filter(Q(pk=customer_id) | Q(merged_into=customer_id))
    return entries.held_together()[customer_id], promises


def forget(
    customer: Customer, promises: list[Commitment], *, by: User | None, now: datetime
) -> tuple[Erased, list[str]]:
    """The erasure itself, in the caller's transaction; answers as well what they were called."""
    entries = [customer, *customer.merged.order_by("pk")]
    known = [(each.name, each.email, each.phone) for each in entries]
    said = [each for one in known for each in one if each]
    files = _forget_words(customer)
    references = [reference.write(each.pk) for each in promises]
    once.forget([each.pk for each in entries], references=references, words=said)
    addresses = [each for _, *one in known for each in one if each]
    _forget_administered(entries, addresses)
    messages = forgetting.forget(customer, addresses=addresses, now=now)
    for each in entries:
        _forget_who(each, now=now)
    for promise in Commitment.objects.filter(customer=customer).held().order_by("pk"):
        _note(promise, by=by, now=now)  # read again: nobody is told of what has just gone
    return Erased(promises=len(promises), messages=messages, files=files), said


def _check(customer: Customer) -> None:
    if customer.erased_at is not None:
        raise CommitmentError("This customer has been erased already.")
    if customer.merged_into_id is not None:
        raise CommitmentError(f"They were merged into customer {customer.merged_into_id}.")
    if customer.external_source == Customer.OUR_TEAM:
        raise CommitmentError("This is one of our own teams, not a person.")
    # Asked for now: what was promised while the customer was waited for is not among those held.
    live = Commitment.objects.filter(customer=customer).live().order_by("pk")
    if owed := [each.reference for each in live[: _NAMED + 1]]:
        named = ", ".join(owed[:_NAMED]) + (" and more" if len(owed) > _NAMED else "")
        raise CommitmentError(f"Something is still promised to them: {named}. Close that first.")


def _note(promise: Commitment, *, by: User | None, now: datetime) -> None:
    """That it was done, and by whom, is the last that their history says."""
    erased = Occurrence(
        kind=EventKind.ERASED, at=now, recorded_at=now, actor_id=by.pk if by else None
    )
    timeline.append(promise, erased)
    promise.save(update_fields=["event_count", "head_hash"])


def _forget_words(customer: Customer) -> int:
    """Answers how many files."""
    theirs = Commitment.objects.filter(customer=customer)
    files = Attachment.objects.filter(event__commitment__in=theirs).erase()
    EventText.objects.filter(event__commitment__in=theirs).delete()
    CallAttempt.objects.filter(commitment__in=theirs).update(note="")
    Thanks.objects.filter(commitment__in=theirs).update(words="")
    ValueReason.objects.filter(commitment__in=theirs).update(words="")
    CheckInAnswer.objects.filter(check_in__customer=customer).update(words="")
    for check_in in CheckIn.objects.pending().filter(customer=customer):
        check_in.drop("The customer was erased.")
    SuggestionText.objects.filter(suggestion__customer=customer).delete()
    emails = [each.email for each in (customer, *customer.merged.all()) if each.email]
    for email in emails:
        SuggestionText.objects.filter(email__iexact=email).delete()
    QuarantinedMail.objects.naming(emails).delete()
    theirs.update(
        wording=ERASED, team_note="", due_said="", due_steps=[], waiting_for="", evidence=""
    )
    talks = Conversation.objects.filter(customer=customer)
    nowhere = {"outside_reference": "", "outside_url": "", "continued_in": "", "continued_url": ""}
    talks.update(**nowhere, link_version=F("link_version") + 1)
    return files


def _forget_administered(entries: list[Customer], addresses: list[str]) -> None:
    """The log of the administration says what each row was called; that it was edited stays."""
    ids = [str(each.pk) for each in entries]
    theirs = Q(content_type=ContentType.objects.get_for_model(Customer), object_id__in=ids)
    for address in addresses:
        theirs |= Q(object_repr__icontains=address)
    LogEntry.objects.filter(theirs).update(object_repr=ERASED)


def _forget_who(customer: Customer, *, now: datetime) -> None:
    customer.name, customer.email, customer.phone = ERASED, "", ""
    customer.external_source = customer.external_id = ""
    customer.zone, customer.language = "", "en"
    customer.erased_at = now
    customer.link_version += 1
    customer.save()
