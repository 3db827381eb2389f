"""What a sweep at `now` does about it: deeds, in order, each with how the promise then stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from commitments.models import Commitment
from commitments.rules import ladder

from . import coming
from .standing import Action, Deed, Manner, Next, Standing, Terms

# What ends the repetitions of a step: where it is due as well, they are not caught up with.
_ENDS_REPETITION = frozenset({Action.BREACH, Action.STEP})


def round_of(
    standing: Standing, terms: Terms, *, now: datetime, breached_before: bool = False
) -> Iterator[tuple[Deed, Standing]]:
    """What is to be done at `now`, in order, each with how the promise stands afterwards.

    `breached_before`: a breach recorded in this round is a second one towards this customer.
    """
    while (due := _first_due(standing, terms, now=now)) is not None:
        deed = _deed(due, standing, terms, now=now)
        standing = _after(deed, standing, terms, now=now, breached_before=breached_before)
        yield deed, standing


def settle(commitment: Commitment, terms: Terms) -> None:
    """Set the promise's clock to what comes next."""
    following = coming.next(Standing.of(commitment), terms)
    commitment.next_action = following.action.value if following else ""
    commitment.next_action_at = following.at if following else None


def _first_due(standing: Standing, terms: Terms, *, now: datetime) -> Next | None:
    due = [each for each in coming.candidates(standing, terms) if each.at <= now]
    if any(each.action in _ENDS_REPETITION for each in due):
        due = [each for each in due if each.action is not Action.REPEAT]
    return min(due, key=lambda each: each.at, default=None)


def _deed(due: Next, standing: Standing, terms: Terms, *, now: datetime) -> Deed:
    return Deed(
        action=due.action,
        at=due.at,
        step=due.step,
        manner=_manner(due, standing, terms, now=now),
        repetition=standing.repetition + 1 if due.action is Action.REPEAT else 0,
    )


def _manner(due: Next, standing: Standing, terms: Terms, *, now: datetime) -> Manner:
    if due.action is not Action.STEP or due.step is None:
        return Manner.TAKEN
    if not due.step.is_before_due:
        straight_to = coming.managers_step(standing, terms)
        is_before_it = straight_to is not None and standing.climbed < straight_to
        return Manner.OVERTAKEN if is_before_it else Manner.TAKEN
    if now >= standing.due_at:
        return Manner.PASSED_OVER
    is_late = now - due.at > terms.catch_up_after
    if is_late and _another_reminder_is_due(standing, terms, now=now):
        return Manner.COALESCED
    return Manner.TAKEN


def _another_reminder_is_due(standing: Standing, terms: Terms, *, now: datetime) -> bool:
    following = _step_after(standing, terms)
    if following >= len(terms.ladder) or not terms.ladder[following].is_before_due:
        return False
    return terms.laid(standing)[following] <= now


def _step_after(standing: Standing, terms: Terms) -> int:
    """The place of the one after the next step."""
    return ladder.first_ahead(terms.ladder, standing.also_done, start=standing.climbed + 1)


def _after(
    deed: Deed, standing: Standing, terms: Terms, *, now: datetime, breached_before: bool
) -> Standing:
    """With the fact gone that the deed followed from."""
    match deed.action:
        case Action.BREACH:
            standing = replace(standing, breach_recorded=True, breached_again=breached_before)
        case Action.ASK_AGAIN:
            # Being asked again is a step of its own: the next one keeps its distance.
            standing = replace(standing, acknowledged_until=None, last_step_at=now)
        case Action.STEP:
            standing = _after_step(deed, standing, terms, now=now)
        case Action.REPEAT:
            standing = replace(standing, repetition=deed.repetition, last_step_at=now)
        case Action.INFORM:
            ahead = terms.hours.add_days(now, terms.inform_every) if terms.inform_every else None
            standing = replace(standing, update_due_at=ahead)
        case Action.NUDGE:
            standing = replace(standing, nudged_at=now)
        case Action.DECIDE:
            standing = replace(standing, decision_asked_at=now)
    return standing


def _after_step(deed: Deed, standing: Standing, terms: Terms, *, now: datetime) -> Standing:
    climbed = _step_after(standing, terms)
    if deed.step is None or deed.manner is not Manner.TAKEN:
        return replace(standing, climbed=climbed)
    return replace(
        standing, climbed=climbed, last_step=deed.step.number, repetition=0, last_step_at=now
    )
