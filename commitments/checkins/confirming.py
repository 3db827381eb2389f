"""Which of two contradicting answers holds, once somebody has spoken with the customer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from commitments.errors import CommitmentError
from commitments.models import CheckIn, CheckInAnswer, Commitment, EventKind, User, figures
from commitments.services.work import begin

from .holding import facts_of

_OF_THIS = "check_in__items__commitment"


def in_doubt() -> Exists:
    """For promises: whether a check-in that asked about them has answers, and none that holds."""
    answers = CheckInAnswer.objects.filter(**{_OF_THIS: OuterRef("pk")})
    return Exists(answers.filter(confirmed=False).exclude(Exists(_that_hold())))


def doubted(commitment: Commitment) -> list[CheckInAnswer]:
    """The last word of each browser where they contradict each other, oldest first; one query."""
    answers = CheckInAnswer.objects.filter(**{_OF_THIS: commitment.pk}, confirmed=False)
    open_ones = answers.exclude(Exists(_that_hold())).order_by("pk")
    last_words = {(each.check_in_id, each.browser_key_hash): each for each in open_ones}
    return sorted(last_words.values(), key=lambda each: each.pk)


def is_doubted(check_in: CheckIn) -> bool:
    """The same of one check-in."""
    held_true = set(check_in.answers.values_list("confirmed", flat=True))
    return held_true == {False}


def _that_hold() -> QuerySet[CheckInAnswer]:
    return CheckInAnswer.objects.filter(check_in=OuterRef("check_in"), confirmed=True)


@transaction.atomic
def confirm(commitment_id: int, *, answer_id: int, by: User, now: datetime) -> Commitment:
    """The customer has told a colleague which of their answers holds. From now on it counts."""
    work = begin(commitment_id, "confirm_answer", by=by, now=now)
    answer = next((each for each in doubted(work.commitment) if each.pk == answer_id), None)
    if answer is None:
        first = work.commitment.customer.first_name
        raise CommitmentError(f"There is no doubt about this any more: {first} answered again.")
    answer.confirmed = True
    answer.save(update_fields=["confirmed"])
    figures.note_now(answer.check_in.commitments(), now=now)
    work.record(EventKind.CHECK_IN_ANSWERED, **facts_of(answer))
    return work.commitment
