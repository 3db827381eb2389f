"""Several promises of one conversation go out to the customer in one mail.

Whoever ends one of them, or takes its end back, before the mail has gone writes it anew. All of it
happens while the promises, and then the conversation, are held: always in this order.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from commitments import messages
from commitments.errors import CommitmentError
from commitments.messages import Unreachable
from commitments.messages import recap as mails
from commitments.models import Commitment, Conversation, Event, EventKind, User
from commitments.rules import lifecycle

from .work import Work, role_of


@transaction.atomic
def recap(conversation_id: int, *, by: User, now: datetime) -> list[Commitment]:
    """Withdraw the summaries that are still on their way, and send one mail about all that is open.

    Raises CommitmentError where it would say nothing new, or cannot be sent.
    """
    open_ones = list(Commitment.objects.live().filter(conversation=conversation_id).held())
    conversation = _held(conversation_id)
    lifecycle.check_may_act(role_of(by, conversation.team))
    if len(open_ones) < 2:
        raise CommitmentError("There are not several open promises from this conversation.")
    pks = frozenset(each.pk for each in open_ones)
    earlier = [mail for mail in mails.written(conversation_id) if not mail.is_taken_back]
    if any(pks <= mail.covered for mail in earlier):
        raise CommitmentError("One mail about all of these is on its way, or has gone out.")
    made = list(Event.objects.filter(commitment__in=pks, kind=EventKind.MADE))
    mails.withdraw_summaries(open_ones, made, now=now)
    mails.withdraw(conversation, now=now)
    message = mails.of(open_ones, asked_for=pks, why=_latest_event_of(pks), now=now)
    if isinstance(message, Unreachable):
        raise CommitmentError(message.reason)
    messages.send([message], now=now)
    return open_ones


def write_anew(work: Work) -> None:
    """After the end of a promise, or after that was taken back: a mail of all that waits to go out
    says what holds now.
    """
    conversation_id, now = work.commitment.conversation_id, work.now
    waiting = [mail for mail in mails.written(conversation_id) if mail.is_under_way]
    if not waiting:
        return
    conversation = _held(conversation_id)
    if not mails.withdraw(conversation, now=now):
        return  # it has just gone out
    asked_for = waiting[-1].asked_for
    still = Commitment.objects.live().filter(conversation=conversation_id, pk__in=asked_for)
    rest = list(still.with_everything().order_by("pk"))
    if not rest:
        return
    why = f"{work.commitment.pk}-{work.commitment.event_count}"
    message = mails.of(rest, asked_for=asked_for, why=why, now=now)
    if not isinstance(message, Unreachable):
        messages.send([message], now=now)


def _held(conversation_id: int) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",))
    return rows.select_related("team").get(pk=conversation_id)


def _latest_event_of(pks: frozenset[int]) -> str:
    """Differs whenever anything has happened to them: the key of a mail is never used twice."""
    latest = Event.objects.filter(commitment__in=pks).aggregate(latest=Max("pk"))
    return str(latest["latest"])
