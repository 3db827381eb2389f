"""The one question: what happens next to this commitment, and when?

The answer is the earliest of several candidates, each the consequence of a fact in a column that
disappears once the thing is done. There is no `now` in it: asking again later gives the same
answer. `round_of` says what a sweep at `now` does about it, still without touching anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from . import lengths
from .models import Commitment
from .rules import ladder
from .rules.business_time import Hours
from .rules.ladder import Ladder, Step
from .rules.lifecycle import Status


class Action(StrEnum):
    """In the order in which ties are settled."""

    BREACH = "breach"
    ASK_AGAIN = "ask_again"
    STEP = "step"
    INFORM = "inform"
    NUDGE = "nudge"
    DECIDE = "decide"


class Manner(StrEnum):
    """What became of a step whose moment had come."""

    TAKEN = "taken"
    COALESCED = "coalesced"  # a later reminder was due as well, and one is enough
    PASSED_OVER = "passed_over"  # its moment lay before the promise, or the due time came first


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What a promise stands under: its ladder, its team's hours, and the lengths in force.

    `inform_every` and `nudge_after` are working days; 0 turns the first off.
    """

    ladder: Ladder
    hours: Hours
    inform_every: int = 0
    nudge_after: int = 2
    min_gap: timedelta = timedelta(hours=1)
    catch_up_after: timedelta = timedelta(minutes=10)

    @classmethod
    def of(cls, commitment: Commitment, *, steps: Ladder, hours: Hours) -> Terms:
        figures = lengths.current()
        return cls(
            ladder=steps,
            hours=hours,
            inform_every=commitment.kind.inform_every or 0,
            nudge_after=commitment.kind.nudge_after,
            min_gap=figures.min_gap,
            catch_up_after=figures.catch_up_after,
        )

    @classmethod
    def load(cls, commitment: Commitment) -> Terms:
        """Read afresh for one promise; a sweep loads them once for a whole batch instead."""
        return cls.of(
            commitment,
            steps=commitment.policy_version.ladder(),
            hours=commitment.team.calendar.hours(),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The facts of one promise that its agenda follows from."""

    status: Status
    due_at: datetime
    revised_at: datetime
    breach_recorded: bool = False
    climbed: int = 0
    also_done: frozenset[int] = frozenset()
    last_step: int | None = None
    last_step_at: datetime | None = None
    acknowledged_until: datetime | None = None
    update_due_at: datetime | None = None
    waiting_since: datetime | None = None
    nudged_at: datetime | None = None
    decision_asked_at: datetime | None = None

    # The columns that a round may change.
    COLUMNS: ClassVar[tuple[str, ...]] = (
        *("breached_at", "climbed", "last_step_at", "acknowledged_until"),
        *("update_due_at", "nudged_at", "decision_asked_at"),
    )

    @classmethod
    def of(cls, commitment: Commitment) -> Standing:
        return cls(
            status=Status(commitment.status),
            due_at=commitment.due_at,
            revised_at=commitment.revised_at,
            breach_recorded=commitment.breach_is_recorded,
            climbed=commitment.climbed,
            also_done=frozenset(commitment.also_done),
            last_step=commitment.last_step,
            last_step_at=commitment.last_step_at,
            acknowledged_until=commitment.acknowledged_until,
            update_due_at=commitment.update_due_at,
            waiting_since=commitment.waiting_since,
            nudged_at=commitment.nudged_at,
            decision_asked_at=commitment.decision_asked_at,
        )

    def put_into(self, commitment: Commitment) -> None:
        """Bring the row to how it stands here; a breach is dated at the due time."""
        if self.breach_recorded:
            commitment.breached_at = commitment.due_at
        commitment.climbed = self.climbed
        commitment.also_done = sorted(self.also_done)
        commitment.last_step = self.last_step
        commitment.last_step_at = self.last_step_at
        commitment.acknowledged_until = self.acknowledged_until
        commitment.update_due_at = self.update_due_at
        commitment.nudged_at = self.nudged_at
        commitment.decision_asked_at = self.decision_asked_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    action: Action
    at: datetime
    step: Step | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """One thing to do in a round; `step` and `manner` where it is a step's turn."""

    action: Action
    at: datetime
    step: Step | None = None
    manner: Manner = Manner.TAKEN


def next(standing: Standing, terms: Terms) -> Next | None:  # noqa: A001 - read as agenda.next
    """What comes next, or None: the promise is closed, or its ladder has ended."""
    return min(_candidates(standing, terms), key=lambda candidate: candidate.at, default=None)


def _candidates(standing: Standing, terms: Terms) -> Iterator[Next]:
    if standing.status is Status.WAITING:
        yield from _while_waiting(standing, terms)
    if standing.status is not Status.OPEN:
        return
    if not standing.breach_recorded:
        yield Next(action=Action.BREACH, at=standing.due_at)
    if standing.acknowledged_until is not None:
        yield Next(action=Action.ASK_AGAIN, at=standing.acknowledged_until)
    if standing.climbed < len(terms.ladder):
        yield _next_step(standing, terms)
    if standing.update_due_at is not None:
        yield Next(action=Action.INFORM, at=standing.update_due_at)


def _while_waiting(standing: Standing, terms: Terms) -> Iterator[Next]:
    if standing.waiting_since is None:
        return
    if standing.nudged_at is None:
        at = terms.hours.add_days(standing.waiting_since, terms.nudge_after)
        yield Next(action=Action.NUDGE, at=at)
    elif standing.decision_asked_at is None:
        at = terms.hours.add_days(standing.nudged_at, terms.nudge_after)
        yield Next(action=Action.DECIDE, at=at)


def _next_step(standing: Standing, terms: Terms) -> Next:
    steps = list(_laid(standing, terms, upto=standing.climbed + 1))
    step, at = steps[-1]
    if step.is_before_due:
        return Next(action=Action.STEP, at=at, step=step)
    if standing.acknowledged_until is not None:
        at = max(at, standing.acknowledged_until)
    if standing.last_step_at is not None and at <= standing.last_step_at:
        before = steps[-2][1] if len(steps) > 1 else standing.due_at
        if standing.last_step_at - before > terms.catch_up_after:
            # The one before came late: the climb is catching up, one step at a time.
            at = standing.last_step_at + terms.min_gap
    return Next(action=Action.STEP, at=at, step=step)


def _laid(standing: Standing, terms: Terms, *, upto: int) -> Iterator[tuple[Step, datetime]]:
    return ladder.laid(
        terms.ladder[:upto],
        since=standing.revised_at,
        due_at=standing.due_at,
        hours=terms.hours,
    )


def upcoming(standing: Standing, terms: Terms) -> list[tuple[Step, datetime]]:
    """What happens if it stays open: the steps still ahead, with their instants."""
    ahead = list(_laid(standing, terms, upto=len(terms.ladder)))[standing.climbed :]
    return [(step, at) for step, at in ahead if step.number not in standing.also_done]


def first_reminder_at(standing: Standing, terms: Terms) -> datetime | None:
    """From when on a promise is due soon: its first step before due."""
    for step, at in _laid(standing, terms, upto=len(terms.ladder)):
        return at if step.is_before_due else None
    return None


def passed_over_at_start(standing: Standing, terms: Terms) -> Ladder:
    """The leading steps whose moment had already passed when the present deadline was set."""
    passed = []
    for step, at in _laid(standing, terms, upto=len(terms.ladder)):
        if at > standing.revised_at:
            break
        passed.append(step)
    return tuple(passed)


def round_of(standing: Standing, terms: Terms, *, now: datetime) -> Iterator[tuple[Deed, Standing]]:
    """What is to be done at `now`, in order, each with how the promise stands afterwards."""
    while (coming := next(standing, terms)) is not None and coming.at <= now:
        deed = _deed(coming, standing, terms, now=now)
        standing = _after(deed, standing, terms, now=now)
        yield deed, standing


def _deed(coming: Next, standing: Standing, terms: Terms, *, now: datetime) -> Deed:
    manner = Manner.TAKEN
    if coming.step is not None and coming.step.is_before_due:
        if now >= standing.due_at:
            manner = Manner.PASSED_OVER
        elif _another_reminder_is_due(standing, terms, now=now):
            manner = Manner.COALESCED
    return Deed(action=coming.action, at=coming.at, step=coming.step, manner=manner)


def _another_reminder_is_due(standing: Standing, terms: Terms, *, now: datetime) -> bool:
    if standing.climbed + 1 >= len(terms.ladder):
        return False
    following = _next_step(replace(standing, climbed=standing.climbed + 1), terms)
    is_reminder = following.step is not None and following.step.is_before_due
    return is_reminder and following.at <= now


def _after(deed: Deed, standing: Standing, terms: Terms, *, now: datetime) -> Standing:
    """With the fact gone that the deed followed from."""
    match deed.action:
        case Action.BREACH:
            standing = replace(standing, breach_recorded=True)
        case Action.ASK_AGAIN:
            # Being asked again is a step of its own: the next one keeps its distance.
            standing = replace(standing, acknowledged_until=None, last_step_at=now)
        case Action.STEP:
            standing = _after_step(deed, standing, terms, now=now)
        case Action.INFORM:
            ahead = terms.hours.add_days(now, terms.inform_every) if terms.inform_every else None
            standing = replace(standing, update_due_at=ahead)
        case Action.NUDGE:
            standing = replace(standing, nudged_at=now)
        case Action.DECIDE:
            standing = replace(standing, decision_asked_at=now)
    return standing


def _after_step(deed: Deed, standing: Standing, terms: Terms, *, now: datetime) -> Standing:
    done = standing.also_done
    climbed = ladder.first_ahead(terms.ladder, done, start=standing.climbed + 1)
    standing = replace(standing, climbed=climbed)
    if deed.step is None or deed.manner is not Manner.TAKEN:
        return standing
    return replace(standing, last_step=deed.step.number, last_step_at=now)


def replanned(
    standing: Standing, terms: Terms, *, was: Ladder, now: datetime
) -> tuple[Standing, Ladder]:
    """How a promise that stood under `was` stands under these terms, and what it passes over.

    A step keeps its number: what was seen to in this revision never comes again, wherever it is
    listed now. What was owed already and held back (it is acknowledged, or the climb is catching
    up) is still owed. Of all else, what would have stood before `now` is passed over. Nothing is
    passed over while the ladder rests.
    """
    before = list(_laid(standing, replace(terms, ladder=was), upto=len(was)))
    done = ladder.numbers(was[: standing.climbed]) | standing.also_done
    known = done | {step.number for step, at in before if at <= now}
    passed = tuple(
        step
        for step, at in _laid(standing, terms, upto=len(terms.ladder))
        if step.number not in known and at <= now and standing.status is Status.OPEN
    )
    done |= ladder.numbers(passed)
    climbed = ladder.first_ahead(terms.ladder, done)
    also_done = done - ladder.numbers(terms.ladder[:climbed])
    return replace(standing, climbed=climbed, also_done=also_done), passed


def settle(commitment: Commitment, terms: Terms) -> None:
    """Set the promise's clock to what comes next."""
    coming = next(Standing.of(commitment), terms)
    commitment.next_action = coming.action.value if coming else ""
    commitment.next_action_at = coming.at if coming else None
