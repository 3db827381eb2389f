"""How a promise stands, what it stands under, and what can come of it: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from commitments import lengths
from commitments.models import Commitment
from commitments.rules import ladder
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Ladder, Step
from commitments.rules.lifecycle import Status

_KEPT_LAID = 4096


class Action(StrEnum):
    """In the order in which ties are settled."""

    BREACH = "breach"
    ASK_AGAIN = "ask_again"
    STEP = "step"
    REPEAT = "repeat"
    INFORM = "inform"
    NUDGE = "nudge"
    DECIDE = "decide"


class Manner(StrEnum):
    """What became of a step whose moment had come."""

    TAKEN = "taken"
    COALESCED = "coalesced"  # it came late, a later reminder was due as well, and one is enough
    PASSED_OVER = "passed_over"  # its moment lay before the promise, or the due time came first
    OVERTAKEN = "overtaken"  # the manager is asked at once, as this is the second breach


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
    # Whether any step stands at a part of the time given, and not only around the due time.
    counts_from_start: bool = field(init=False, repr=False, compare=False)
    _laid: dict[tuple[datetime, datetime], tuple[datetime, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        from_start = any(step.basis is ladder.Basis.PERCENT for step in self.ladder)
        object.__setattr__(self, "counts_from_start", from_start)

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

    def laid(self, standing: Standing) -> tuple[datetime, ...]:
        """The instant of each step, never falling.

        Kept: a round asks several times about each promise, and many are due at the same hour.
        """
        key = (standing.due_at, standing.revised_at)
        instants = self._laid.get(key)
        if instants is None:
            if len(self._laid) >= _KEPT_LAID:
                self._laid.clear()
            due_at, since = key
            laid = ladder.laid(self.ladder, since=since, due_at=due_at, hours=self.hours)
            instants = self._laid[key] = tuple(at for _, at in laid)
        return instants

    def step_numbered(self, number: int | None) -> Step | None:
        """The step with this number; None where this version has none."""
        return next((step for step in self.ladder if step.number == number), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The facts of one promise that its agenda follows from.

    Seen to are the first `climbed` steps, and those of `also_done`. `last_step` is the number of
    the one taken last, said again `repetition` times, most lately at `last_step_at`.
    """

    status: Status
    due_at: datetime
    revised_at: datetime
    breach_recorded: bool = False
    breached_again: bool = False
    climbed: int = 0
    also_done: frozenset[int] = frozenset()
    last_step: int | None = None
    repetition: int = 0
    last_step_at: datetime | None = None
    acknowledged_until: datetime | None = None
    update_due_at: datetime | None = None
    waiting_since: datetime | None = None
    nudged_at: datetime | None = None
    decision_asked_at: datetime | None = None

    # The columns that a round may change.
    COLUMNS: ClassVar[tuple[str, ...]] = (
        *("breached_at", "breached_again", "climbed", "last_step", "repetition", "last_step_at"),
        *("acknowledged_until", "update_due_at", "nudged_at", "decision_asked_at"),
    )

    @classmethod
    def of(cls, commitment: Commitment) -> Standing:
        return cls(
            status=Status(commitment.status),
            due_at=commitment.due_at,
            revised_at=commitment.revised_at,
            breach_recorded=commitment.breach_is_recorded,
            breached_again=commitment.breached_again,
            climbed=commitment.climbed,
            also_done=frozenset(commitment.also_done),
            last_step=commitment.last_step,
            repetition=commitment.repetition,
            last_step_at=commitment.last_step_at,
            acknowledged_until=commitment.acknowledged_until,
            update_due_at=commitment.update_due_at,
            waiting_since=commitment.waiting_since,
            nudged_at=commitment.nudged_at,
            decision_asked_at=commitment.decision_asked_at,
        )

    def columns(self, *, breached_at: datetime | None) -> dict[str, Any]:  # Any: column values
        """As the row holds it, which held that breach; one of this deadline is dated at it."""
        values = {name: getattr(self, name) for name in self.COLUMNS if name != "breached_at"}
        return values | {"breached_at": self.due_at if self.breach_recorded else breached_at}

    def put_into(self, commitment: Commitment) -> None:
        """Bring the row to how it stands here."""
        for name, value in self.columns(breached_at=commitment.breached_at).items():
            setattr(commitment, name, value)
        commitment.also_done = sorted(self.also_done)


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """`step` where one is to be taken, or said again."""

    action: Action
    at: datetime
    step: Step | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """One thing to do in a round; `step` and `manner` where it is a step's turn.

    `repetition` counts how often the step has then been said again.
    """

    action: Action
    at: datetime
    step: Step | None = None
    manner: Manner = Manner.TAKEN
    repetition: int = 0
