"""A customer who wrote, or who says that something is off, gets an answer; or a new link."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from commitments import messages
from commitments.errors import CommitmentError
from commitments.models import Commitment, Conversation, Customer, EventKind, User
from commitments.rules import words

from .moving import Told
from .work import begin


@transaction.atomic
def answer(commitment_id: int, *, by: User, words: str, told: Told, now: datetime) -> Commitment:
    """What the customer asked or disputed is settled between us, in writing or on the phone."""
    said = _said(words)
    if told is Told.NO:
        raise CommitmentError("An answer is told, or it is none.", field="told")
    work = begin(commitment_id, "answer", by=by, now=now)
    commitment = work.commitment
    check_is_awaited(commitment)
    commitment.disputed_at = None
    work.owe_an_update()
    if told is Told.PHONE:
        commitment.told_at = now
    written = told is Told.MESSAGE
    event = work.record(EventKind.CUSTOMER_ANSWERED, words=said, visible=written, told=told.value)
    if written:
        work.tell_customer(messages.customer.Template.PROGRESS, event, words=said)
    return commitment


@transaction.atomic
def renew_link(commitment_id: int, *, by: User, all_pages: bool, now: datetime) -> Commitment:
    """The links this customer has open nothing any more: to this page, or to all of their pages."""
    work = begin(commitment_id, "renew", by=by, now=now)
    commitment = work.commitment
    if all_pages:
        customers = Customer.objects.filter(pk=commitment.customer_id)
        customers.update(link_version=F("link_version") + 1)
    else:
        talks = Conversation.objects.filter(pk=commitment.conversation_id)
        talks.update(link_version=F("link_version") + 1)
    work.record(EventKind.LINK_RENEWED, all_pages=all_pages)
    return commitment


@transaction.atomic
def hide_from_page(commitment_id: int, *, by: User, now: datetime) -> Commitment:
    """Take this promise off its customer's page; the page and its link stay. Mails still go out."""
    return _shown(commitment_id, since=now, by=by, now=now)


@transaction.atomic
def show_on_page(commitment_id: int, *, by: User, now: datetime) -> Commitment:
    """Put it back on the customer's page."""
    return _shown(commitment_id, since=None, by=by, now=now)


def _shown(commitment_id: int, *, since: datetime | None, by: User, now: datetime) -> Commitment:
    """`since` when it is hidden. Said twice, it is said once."""
    work = begin(commitment_id, "renew", by=by, now=now)
    commitment = work.commitment
    if (commitment.hidden_at is None) is not (since is None):
        commitment.hidden_at = since
        work.record(EventKind.LINK_RENEWED)
    return commitment


def check_is_awaited(commitment: Commitment) -> None:
    """Raises CommitmentError where the customer is not waiting for an answer."""
    if commitment.awaits_answer:
        return
    instead = " Write an update instead." if commitment.is_live else ""
    first = commitment.customer.first_name
    raise CommitmentError(f"{first} is not waiting for an answer.{instead}")


def _said(text: str) -> str:
    return words.clean(text, what="The answer", limit=4000, lines=True)
