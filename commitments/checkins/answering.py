"""The customer's answer is appended; "still open" becomes a promise in the same transaction.

Two answers that contradict each other within ten minutes, from two browsers, are both kept and
neither is believed: one of them may be a program's that opens links. All answers of this check-in
then count for nothing until the customer answers once more, or has told a colleague what holds.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from commitments import lengths, messages, services
from commitments.errors import CommitmentError
from commitments.models import (
    Channel,
    CheckIn,
    CheckInAnswer,
    Commitment,
    Done,
    EventKind,
    Kind,
    Role,
    figures,
)
from commitments.models.checkin import State
from commitments.models.commitment import CommitmentQuerySet
from commitments.rules import words

from . import telling
from .holding import facts_of, hold, note

logger = logging.getLogger(__name__)

_ORIGIN = "check_in"
_FOLLOW_UP_KIND = "followup"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a customer answered on the form. `browser_key` tells their browser from others."""

    done: str
    still_open: bool
    rating: int
    words: str = ""
    browser_key: str = ""


@dataclass(frozen=True, kw_only=True)
class Answered:
    answer: CheckInAnswer
    follow_up: Commitment | None


@transaction.atomic
def answer(check_in_id: int, reply: Reply, *, now: datetime) -> Answered:
    """Append what the customer said; "still open" makes a promise that follows, once per check-in.

    Raises `CommitmentError` where an answer is missing or the check-in is not open to one.
    """
    said = _checked(reply)
    check_in, commitments = hold(check_in_id, skip_locked=False)
    if check_in is None or not takes_answers(check_in, now=now):
        raise CommitmentError("This check-in is closed.")
    check_in.state = State.ANSWERED
    check_in.save()
    given = _append(check_in, reply, said, now=now)
    figures.note_now(commitments, now=now)
    note(commitments, EventKind.CHECK_IN_ANSWERED, said, facts=facts_of(given), now=now)
    messages.reminders.wake(commitments, now=now)
    known = follow_up_of(check_in)
    follow_up = _promise_more(commitments[-1], given, known=known) if reply.still_open else None
    telling.tell(given, commitments, follow_up=follow_up if follow_up != known else None)
    return Answered(answer=given, follow_up=follow_up)


def takes_answers(check_in: CheckIn, *, now: datetime) -> bool:
    """Until it is answered, and for two weeks after that: so long they may think again."""
    if check_in.state != State.ANSWERED:
        return check_in.state == State.SENT
    first = check_in.answers.order_by("pk").first()
    return first is None or now - first.at <= lengths.current().answer_changed_within


def _append(check_in: CheckIn, reply: Reply, said: str, *, now: datetime) -> CheckInAnswer:
    given = CheckInAnswer(
        check_in=check_in,
        at=now,
        done=reply.done,
        still_open=reply.still_open,
        rating=reply.rating,
        words=said,
        browser_key_hash=hashlib.sha256(reply.browser_key.encode()).hexdigest(),
    )
    if _is_contradicted(given):
        given.confirmed = False
        check_in.answers.update(confirmed=False)
    given.save(force_insert=True)
    return given


def _is_contradicted(given: CheckInAnswer) -> bool:
    """Whether another browser's last word, of the last minutes, is a different one."""
    since = given.at - lengths.current().answers_contradict_within
    others = given.check_in.answers.exclude(browser_key_hash=given.browser_key_hash)
    last_words = {each.browser_key_hash: each for each in others.order_by("pk")}
    return any(each.at >= since and each.chosen != given.chosen for each in last_words.values())


def _promise_more(
    newest: Commitment, given: CheckInAnswer, *, known: Commitment | None
) -> Commitment | None:
    """None where nothing can be promised now, such as by a team whose calendar never opens."""
    if known is not None and known.is_live:
        return known
    try:
        with transaction.atomic():
            return _follow_up(newest, given, known=known)
    except CommitmentError:
        # What the customer said is not lost for that: it waits for an answer, like a letter.
        logger.exception("Check-in %s: nothing could be promised.", given.check_in_id)
        services.reply(newest.pk, words=given.words or "Something is still open.", now=given.at)
        return None


def follow_up_of(check_in: CheckIn) -> Commitment | None:
    """What was promised because the customer said that something is still open."""
    return _follow_ups(check_in).with_everything().order_by("pk").last()


def _follow_ups(check_in: CheckIn) -> CommitmentQuerySet:
    """One, or another where it was closed and the customer said once more that it is not well."""
    own = Q(origin_key=str(check_in.pk)) | Q(origin_key__startswith=f"{check_in.pk}:")
    return Commitment.objects.filter(own, origin=_ORIGIN)


def _checked(reply: Reply) -> str:
    if reply.done not in Done.values:
        raise CommitmentError("Say whether we did what we said.", field="done")
    if not 1 <= reply.rating <= 5:
        raise CommitmentError(
            "Choose how you feel, from very unhappy to very happy.", field="rating"
        )
    return words.clean(reply.words, what="Your words", limit=4000, required=False, lines=True)


def _follow_up(newest: Commitment, given: CheckInAnswer, *, known: Commitment | None) -> Commitment:
    """A new need of the same customer, with an owner and a first due time of its own."""
    check_in, now = given.check_in, given.at
    key = f"{check_in.pk}:{known.pk}" if known is not None else str(check_in.pk)
    to_due = newest.team.calendar.hours().walk(now, lengths.current().still_open_within)
    kind = Kind.objects.filter(code=_FOLLOW_UP_KIND).first() or newest.kind
    draft = services.Draft(
        customer_id=check_in.customer_id,
        team_id=newest.team_id,
        kind_id=kind.pk,
        owner_id=_owner_of(newest),
        wording=_to_look_into(newest)[:500],
        team_note=given.words[:2000],
        due_at=to_due[-1].ends_at,
        due_steps=to_due,
        conversation_id=newest.conversation_id,
        channel=Channel.OTHER,
        follows_id=known.pk if known is not None else newest.pk,
        summary=False,
        tell_owner=False,
        origin=_ORIGIN,
        origin_key=key,
    )
    return services.make(draft, by=None, now=now)


def _to_look_into(newest: Commitment) -> str:
    """The customer reads it: in their language, as what was promised before."""
    with translation.override(messages.customer.language_of(newest.customer)):
        said = gettext("Look into what is still open: %(wording)s")
        return said % {"wording": newest.wording}


def _owner_of(commitment: Commitment) -> int | None:
    """Whoever kept the first promise, if they still can; else the team's lead is told."""
    can = commitment.team.memberships.filter(
        user=commitment.owner_id, user__is_active=True
    ).exclude(role=Role.AUDITOR)
    return commitment.owner_id if can.exists() else None
