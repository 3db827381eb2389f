"""A promise ends: kept, no longer wanted, given up, or logged by mistake; or it opens again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commitments import lengths, messages
from commitments.errors import CommitmentError
from commitments.models import CheckIn, Commitment, EventKind, User
from commitments.rules import causes, due_time, happened, lifecycle, steps, words
from commitments.rules.lifecycle import Outcome

from . import recapping
from .work import Work, age_of, begin, role_of, stop_waiting

_LONGEST = 4000


@transaction.atomic
def fulfil(
    commitment_id: int,
    *,
    by: User,
    how: str,
    evidence: str = "",
    cause: str = "",
    now: datetime,
) -> Commitment:
    """Done. The system works out whether it was on time, tells the customer how it ended, and plans
    to ask them some time after whether all is well. Where it comes late, the `cause` is asked for.
    """
    ended = _said(how, what="How it ended")
    proof = words.clean(evidence, what="The evidence", limit=500, required=False)
    work = begin(commitment_id, "fulfil", by=by, now=now)
    commitment = work.commitment
    if commitment.kind.needs_evidence and not (proof or commitment.evidence):
        raise CommitmentError(
            f"A {commitment.kind.name.lower()} needs evidence: give its number or a link.",
            field="evidence",
        )
    commitment.evidence = proof or commitment.evidence
    _explain(work, cause)
    stop_waiting(work)
    work.close(_outcome(work))
    _measure(work)
    event = work.record(EventKind.FULFILLED, words=ended, visible=True)
    messages.withdraw_all(commitment, reason="done", now=now)
    recapping.write_anew(work)
    work.tell_customer(messages.customer.Template.DONE, event, words=ended)
    plan_check_in(work)
    return commitment


@transaction.atomic
def release(
    commitment_id: int, *, by: User | None, reason: str, cause: str = "", now: datetime
) -> Commitment:
    """The customer no longer wants it: close it without counting it for or against us.

    Where they had waited in vain, one of us says why; the customer (`by` None) is never asked.
    """
    why = _said(reason, what="The reason")
    work = begin(commitment_id, "release", by=by, now=now)
    if by is not None:
        _explain(work, cause)
    work.close(Outcome.RELEASED)
    work.record(EventKind.RELEASED, words=why)
    _leave_quietly(work, reason="no longer wanted")
    return work.commitment


@transaction.atomic
def abandon(
    commitment_id: int,
    *,
    by: User,
    reason: str,
    offer: str = "",
    cause: str = "",
    now: datetime,
) -> Commitment:
    """We cannot keep it: the customer is told why, and it counts as not kept, for a `cause`."""
    why = _said(reason, what="The reason")
    instead = words.clean(offer, what="The offer", limit=_LONGEST, required=False, lines=True)
    told = f"{why}\n\n{instead}" if instead else why
    work = begin(commitment_id, "abandon", by=by, now=now)
    _explain(work, cause)
    work.close(Outcome.BROKEN)
    event = work.record(EventKind.ABANDONED, words=told, visible=True)
    _leave_quietly(work, reason="we cannot keep it")
    work.tell_customer(messages.customer.Template.CANNOT_KEEP, event, words=told)
    return work.commitment


@transaction.atomic
def void(commitment_id: int, *, by: User, reason: str, now: datetime) -> Commitment:
    """Logged by mistake: by its owner within 15 minutes, later by a lead. Counted nowhere."""
    why = _said(reason, what="The reason")
    work = begin(commitment_id, "void", by=by, now=now)
    lifecycle.check_may_void(
        role_of(by, work.commitment.team),
        is_owner=work.commitment.owner_id == by.pk,
        age=age_of(work.commitment, now=now),
    )
    work.close(Outcome.VOID)
    work.record(EventKind.VOIDED, words=why)
    _leave_quietly(work, reason="logged by mistake")
    return work.commitment


@transaction.atomic
def reopen(
    commitment_id: int,
    *,
    by: User | None,
    reason: str,
    due_at: datetime | None = None,
    due_said: str = "",
    due_steps: steps.Chain = (),
    now: datetime,
) -> Commitment:
    """It is not done after all. The first due time stays what it was.

    Where the due time in force has passed, the kind's usual length from `now` is the new one unless
    `due_at` names another, `due_said` in which words, and `due_steps` how it was worked out: an
    open promise always has a moment at which somebody is asked.
    """
    why = _said(reason, what="The reason")
    said = words.clean(due_said, what="The time", limit=200, required=False)
    work = begin(commitment_id, "reopen", by=by, now=now)
    commitment = work.commitment
    if due_at is not None:
        due_time.check_due(
            due_at,
            promised_at=commitment.promised_at,
            now=now,
            by_hand=True,
            zone=commitment.due_zone,
        )
        _new_time(commitment, due_at, due_steps, said=said, now=now)
    elif commitment.due_at <= now:
        usual = commitment.kind.usual_steps(now, hours=work.terms.hours)
        _new_time(commitment, usual[-1].ends_at, usual, said="", now=now)
    commitment.outcome, commitment.closed_at = "", None
    commitment.took_minutes, commitment.closed_in_silence = None, False
    work.owe_an_update()
    work.revise()
    event = work.record(EventKind.REOPENED, words=why)
    _ask_no_more(commitment, now=now)
    messages.withdraw_all(commitment, reason="opened again", now=now)
    work.tell_staff(messages.staff.Template.REOPENED, event, words=why)
    return commitment


def _ask_no_more(commitment: Commitment, *, now: datetime) -> None:
    """How it went is no question now: neither one that is planned nor one that still lies here."""
    for check_in in CheckIn.objects.asking_about(commitment):
        if messages.withdraw_question(check_in, reason="opened again", now=now):
            CheckIn.objects.plan_again(check_in, now=now)
    CheckIn.objects.take_out(commitment)


def _new_time(
    commitment: Commitment, due_at: datetime, chain: steps.Chain, *, said: str, now: datetime
) -> None:
    """The old due time passed, or will, without the thing done: nobody was told so in time."""
    if commitment.untold_due_at is None:
        commitment.untold_due_at = commitment.due_at
    commitment.due_at, commitment.due_said = due_at, said
    commitment.window_start = None
    commitment.explain_due(chain, since=now)


def _outcome(work: Work) -> Outcome:
    commitment = work.commitment
    new_times = commitment.events.filter(kind__in=[EventKind.MOVED, EventKind.REOPENED])
    if new_times.not_taken_back().exists():
        first_due_at, waited = commitment.first_due_at, commitment.customer_wait
        first_due_at = work.terms.hours.add(first_due_at, waited) if waited else first_due_at
    else:  # then only the customer's own time stands between the first due time and this one
        first_due_at = commitment.due_at
    return lifecycle.outcome_when_fulfilled(
        at=work.now,
        first_due_at=first_due_at,
        due_at=commitment.due_at,
        untold_due_at=commitment.untold_due_at,
    )


def _measure(work: Work) -> None:
    """What reports would otherwise have to work out by calendars, and from whole histories."""
    commitment, now = work.commitment, work.now
    commitment.took_minutes = commitment.minutes_taken(work.terms.hours)
    commitment.closed_in_silence = happened.was_silent(
        commitment.outcome,
        at=now,
        due_at=commitment.due_at,
        untold_due_at=commitment.untold_due_at,
        told_at=commitment.told_at,
    )


def plan_check_in(work: Work) -> None:
    """After the kind's delay in working days, and never before the undo has ended."""
    commitment = work.commitment
    if not commitment.kind.for_customers:
        return
    done_at = commitment.closed_at or work.now  # earlier, where it was opened again and that undone
    days = commitment.kind.check_in_after
    undo_ends_at = work.now + lengths.current().undo
    asked_at = work.terms.hours.add_days(done_at, days) if days else done_at
    CheckIn.objects.plan_for(commitment, send_at=max(asked_at, undo_ends_at), now=work.now)
    work.record(EventKind.CHECK_IN_PLANNED)


def _explain(work: Work, cause: str) -> None:
    """What was not kept in time does not close before somebody has said why."""
    commitment = work.commitment
    commitment.cause = causes.at_the_end(
        cause, known_before=commitment.cause, is_broken=commitment.was_broken(work.now)
    )


def _leave_quietly(work: Work, *, reason: str) -> None:
    """Nothing more goes out about it, and a check-in that waited for it may look again."""
    commitment, now = work.commitment, work.now
    messages.withdraw_all(commitment, reason=reason, now=now)
    recapping.write_anew(work)
    owed = Commitment.objects.live().filter(customer=commitment.customer_id)
    if not owed.exists():
        days = commitment.kind.check_in_after
        at = work.terms.hours.add_days(now, days) if days else now
        CheckIn.objects.look_again(commitment.customer_id, at=at)


def _said(text: str, *, what: str) -> str:
    return words.clean(text, what=what, limit=_LONGEST, lines=True)
