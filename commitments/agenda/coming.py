"""What comes next: a pure minimum of candidates, without a clock.

A step that is said again gives way to the next step: it is not said once more while that one is
owed, however long its turn is put off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from commitments.rules.ladder import Step
from commitments.rules.lifecycle import Status

from .standing import Action, Next, Standing, Terms


def next(standing: Standing, terms: Terms) -> Next | None:  # noqa: A001 - read as agenda.next
    """What comes next, or None: the promise is closed, or its ladder has ended."""
    return min(candidates(standing, terms), key=lambda candidate: candidate.at, default=None)


def candidates(standing: Standing, terms: Terms) -> Iterator[Next]:
    """All that is pending, in the order in which ties are settled."""
    if standing.status is Status.WAITING:
        yield from _while_waiting(standing, terms)
    if standing.status is not Status.OPEN:
        return
    if not standing.breach_recorded:
        yield Next(action=Action.BREACH, at=standing.due_at)
    if standing.acknowledged_until is not None:
        yield Next(action=Action.ASK_AGAIN, at=standing.acknowledged_until)
    coming = _next_step(standing, terms)
    if coming is not None:
        yield coming
    repeated = _repetition(standing, terms, coming)
    if repeated is not None:
        yield repeated
    if standing.update_due_at is not None:
        yield Next(action=Action.INFORM, at=standing.update_due_at)


def upcoming(standing: Standing, terms: Terms) -> list[tuple[Step, datetime]]:
    """What happens if it stays open: the steps still ahead, with their instants."""
    coming = _next_step(standing, terms)
    if coming is None:
        return []
    straight_to = managers_step(standing, terms)
    first = standing.climbed if straight_to is None else straight_to
    laid = zip(terms.ladder[first:], terms.laid(standing)[first:], strict=True)
    ahead = [
        (step, max(at, coming.at)) for step, at in laid if step.number not in standing.also_done
    ]
    return [(ahead[0][0], coming.at), *ahead[1:]]


def said_again(standing: Standing, terms: Terms) -> Next | None:
    """When the last step is said again, if that is before the next one is taken."""
    if standing.status is not Status.OPEN:
        return None
    return _repetition(standing, terms, _next_step(standing, terms))


def managers_step(standing: Standing, terms: Terms) -> int | None:
    """The place of the step to which a second breach leads straight, while that lies ahead.

    The first step after due that asks a manager; None once a step after due has been taken, as the
    climb is under way then.
    """
    if not (standing.breached_again and standing.breach_recorded):
        return None
    if standing.last_step is not None:
        taken = terms.step_numbered(standing.last_step)
        if taken is None or not taken.is_before_due:
            return None
    for place, step in enumerate(terms.ladder):
        if not step.is_before_due and step.asks_a_manager:
            is_ahead = place >= standing.climbed and step.number not in standing.also_done
            return place if is_ahead else None
    return None


def _while_waiting(standing: Standing, terms: Terms) -> Iterator[Next]:
    if standing.waiting_since is None:
        return
    if standing.nudged_at is None:
        at = terms.hours.add_days(standing.waiting_since, terms.nudge_after)
        yield Next(action=Action.NUDGE, at=at)
    elif standing.decision_asked_at is None:
        at = terms.hours.add_days(standing.nudged_at, terms.nudge_after)
        yield Next(action=Action.DECIDE, at=at)


def _next_step(standing: Standing, terms: Terms) -> Next | None:
    if standing.climbed >= len(terms.ladder):
        return None
    step, at = terms.ladder[standing.climbed], terms.laid(standing)[standing.climbed]
    if step.is_before_due:
        return Next(action=Action.STEP, at=at, step=step)
    if managers_step(standing, terms) is not None:
        at = standing.due_at
    if standing.acknowledged_until is not None:
        at = max(at, standing.acknowledged_until)
    return Next(action=Action.STEP, at=_at_a_distance(at, standing, terms), step=step)


def _at_a_distance(at: datetime, standing: Standing, terms: Terms) -> datetime:
    """Where the one before came late, the climb is catching up: one step at a time."""
    last = standing.last_step_at
    if last is None or at > last or last - _stood_at(standing, terms) <= terms.catch_up_after:
        return at
    return last + terms.min_gap


def _stood_at(standing: Standing, terms: Terms) -> datetime:
    """When the last step was to be taken."""
    instants = terms.laid(standing)
    for step, at in zip(terms.ladder, instants, strict=True):
        if step.number == standing.last_step:
            return at
    return instants[standing.climbed - 1] if standing.climbed else standing.due_at


def _repetition(standing: Standing, terms: Terms, coming: Next | None) -> Next | None:
    """The last step once more, unless the next one is owed by then."""
    step, said_at = terms.step_numbered(standing.last_step), standing.last_step_at
    if step is None or said_at is None or standing.repetition >= step.most_repetitions:
        return None
    at = step.again_after(said_at, hours=terms.hours)
    if step.is_before_due:
        if standing.breach_recorded or at >= standing.due_at:
            return None
    elif standing.acknowledged_until is not None:
        at = max(at, standing.acknowledged_until)
    if coming is not None and (coming.at <= at or _is_owed(standing, terms)):
        return None
    return Next(action=Action.REPEAT, at=at, step=step)


def _is_owed(standing: Standing, terms: Terms) -> bool:
    """Whether the next step stood before the last one was said: only its distance holds it back."""
    last = standing.last_step_at
    return last is not None and terms.laid(standing)[standing.climbed] <= last
