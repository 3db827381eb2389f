"""The agenda under any order of verbs, sweeps and clock steps, against what a person would say.

All in memory: a promise is a `Standing`, verbs change it as the services do, and every deed of
every round is written down. Whatever happened, nothing may be done twice, early, or forgotten.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from commitments import agenda
from commitments.agenda import Action, Deed, Manner, Standing, Terms
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Basis, Step
from commitments.rules.lifecycle import CLOSED, LIVE, Status
from tests.makers import DAY, HOUR, MINUTE, NOON

WEEK = Hours(zone="Europe/Berlin", weekly=(((540, 1050),),) * 5 + ((), ()), exceptions={})
IN_HOURS = st.tuples(
    st.sampled_from([Basis.WORKING, Basis.ELAPSED]),
    st.integers(min_value=-30, max_value=60).map(lambda hours: hours * 3600),
)
IN_DAYS = st.tuples(st.just(Basis.WORKING_DAYS), st.integers(min_value=-2, max_value=3))
PER_CENT = st.tuples(st.just(Basis.PERCENT), st.integers(min_value=1, max_value=150))
STEPS = st.builds(
    lambda when, audience, again: Step(
        number=0,
        basis=when[0],
        offset=when[1],
        audience=audience,
        repeat_every=again[0],
        repeat_cap=again[1],
    ),
    st.one_of(IN_HOURS, IN_DAYS, PER_CENT),
    st.sampled_from([("owner",), ("lead",), ("manager", "customer")]),
    st.one_of(
        st.just((None, 0)),
        st.tuples(
            st.integers(min_value=1, max_value=30).map(lambda hours: hours * 1800),
            st.integers(min_value=1, max_value=4),
        ),
    ),
)
ENDS = st.sampled_from(sorted(CLOSED))
LADDERS = st.lists(STEPS, max_size=6).map(
    lambda steps: tuple(replace(step, number=place) for place, step in enumerate(steps, 1))
)


class Promise(RuleBasedStateMachine):
    @initialize(ladder=LADDERS, hours_given=st.integers(min_value=1, max_value=200))
    def make(self, ladder: tuple[Step, ...], hours_given: int) -> None:
        self.now = NOON
        self.revision = 1
        self.terms = Terms(ladder=ladder, hours=WEEK, inform_every=0, nudge_after=2)
        self.asked_anew = False
        self.deeds: list[tuple[int, datetime, Deed]] = []
        self.done_at_the_end = 0
        self.passed: list[tuple[int, int]] = []
        self.newest = len(ladder)
        self.standing = Standing(
            status=Status.OPEN, due_at=NOON + hours_given * HOUR, revised_at=NOON
        )
        self.begin_climb()

    def begin_climb(self) -> None:
        self.standing = replace(
            self.standing,
            climbed=0,
            also_done=frozenset(),
            last_step=None,
            repetition=0,
            last_step_at=None,
            acknowledged_until=None,
            breached_again=False,
        )
        passed = agenda.passed_over_at_start(self.standing, self.terms)
        self.passed += [(self.revision, step.number) for step in passed]
        self.standing = replace(self.standing, climbed=len(passed))

    def revise(self, **changes: object) -> None:
        self.revision += 1
        self.standing = replace(self.standing, revised_at=self.now, **changes)  # type: ignore[arg-type]  # by name
        self.begin_climb()

    @rule(minutes=st.integers(min_value=1, max_value=3 * 24 * 60))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(minutes=st.integers(min_value=1, max_value=90))
    def the_clock_is_set_back(self, minutes: int) -> None:
        self.now -= minutes * MINUTE

    @rule(breached_before=st.booleans())
    def sweep(self, breached_before: bool) -> None:
        deeds = agenda.round_of(
            self.standing, self.terms, now=self.now, breached_before=breached_before
        )
        for deed, after in deeds:
            self.deeds.append((self.revision, self.now, deed))
            self.standing = after
            self.asked_anew = False

    def is_live(self) -> bool:
        return self.standing.status in LIVE

    @precondition(is_live)
    @rule(hours=st.integers(min_value=1, max_value=100))
    def move(self, hours: int) -> None:
        due_at = max(self.now, self.standing.revised_at) + hours * HOUR
        self.revise(status=Status.OPEN, due_at=due_at, breach_recorded=False, waiting_since=None)

    @precondition(lambda self: self.standing.status is Status.OPEN)
    @rule()
    def wait(self) -> None:
        if self.standing.due_at > self.now:
            self.standing = replace(
                self.standing,
                status=Status.WAITING,
                waiting_since=self.now,
                nudged_at=None,
                decision_asked_at=None,
            )

    @precondition(lambda self: self.standing.status is Status.WAITING)
    @rule()
    def resume(self) -> None:
        due_at = max(self.standing.due_at, self.now + MINUTE)
        self.revise(status=Status.OPEN, due_at=due_at, breach_recorded=False, waiting_since=None)

    @precondition(lambda self: self.standing.status is Status.OPEN)
    @rule()
    def acknowledge(self) -> None:
        until = WEEK.add(self.now, timedelta(hours=2))
        self.standing = replace(self.standing, acknowledged_until=until)
        self.asked_anew = True  # to be asked again is a new thing now, even at the same instant

    @precondition(is_live)
    @rule(status=ENDS)
    def close(self, status: Status) -> None:
        self.standing = replace(
            self.standing,
            status=status,
            waiting_since=None,
            nudged_at=None,
            decision_asked_at=None,
            acknowledged_until=None,
        )
        self.done_at_the_end = len(self.deeds)

    @precondition(lambda self: self.standing.status in CLOSED - {Status.VOID})
    @rule(hours=st.integers(min_value=1, max_value=100))
    def reopen(self, hours: int) -> None:
        """As long as its time is still to come, that stays what it was."""
        changes: dict[str, object] = {}
        if self.standing.due_at <= self.now:
            changes = {"due_at": self.now + hours * HOUR, "breach_recorded": False}
        self.revise(status=Status.OPEN, **changes)
        assert self.standing.breach_recorded or agenda.next(self.standing, self.terms) is not None

    @precondition(is_live)
    @rule()
    def change_hands(self) -> None:
        self.standing = replace(self.standing, acknowledged_until=None)

    @precondition(is_live)
    @rule(data=st.data(), added=st.lists(STEPS, max_size=2))
    def edit_the_policy(self, data: st.DataObject, added: list[Step]) -> None:
        was = self.terms.ladder
        kept = data.draw(st.lists(st.sampled_from(was), unique=True) if was else st.just([]))
        new = [replace(step, number=self.newest + place) for place, step in enumerate(added, 1)]
        self.newest += len(new)
        self.terms = replace(self.terms, ladder=tuple(data.draw(st.permutations([*kept, *new]))))
        self.standing, passed = agenda.replanned(self.standing, self.terms, was=was, now=self.now)
        self.passed += [(self.revision, step.number) for step in passed]

    @invariant()
    def an_open_promise_has_a_clock_or_has_climbed_it_all(self) -> None:
        if self.standing.status is Status.OPEN and agenda.next(self.standing, self.terms) is None:
            assert self.standing.climbed == len(self.terms.ladder)
            assert self.standing.breach_recorded

    @invariant()
    def nothing_comes_of_what_has_ended(self) -> None:
        if self.standing.status in CLOSED:
            assert agenda.next(self.standing, self.terms) is None
            assert len(self.deeds) == self.done_at_the_end

    @invariant()
    def what_was_done_now_is_not_named_again(self) -> None:
        coming = agenda.next(self.standing, self.terms)
        if coming is None or not self.deeds or self.asked_anew:
            return
        revision, at, deed = self.deeds[-1]
        if coming.action is Action.REPEAT:  # to say it once more later is another thing
            assert coming.at > at or revision != self.revision
        same = (coming.action, coming.step) == (deed.action, deed.step)
        assert not (same and revision == self.revision and coming.at <= at)

    @invariant()
    def no_step_is_taken_twice_in_one_revision(self) -> None:
        taken = [
            (rev, deed.step.number, deed.repetition) for rev, _, deed in self.deeds if deed.step
        ]
        seen_to = [*taken, *((rev, number, 0) for rev, number in self.passed)]
        assert len(seen_to) == len(set(seen_to))

    @invariant()
    def every_step_behind_the_climb_was_seen_to(self) -> None:
        behind = {step.number for step in self.terms.ladder[: self.standing.climbed]}
        seen_to = {
            number
            for rev, number in (
                *self.passed,
                *((rev, deed.step.number) for rev, _, deed in self.deeds if deed.step),
            )
            if rev == self.revision
        }
        assert behind | self.standing.also_done == seen_to

    @invariant()
    def nothing_is_said_again_beyond_its_cap(self) -> None:
        for _, _, deed in self.deeds:
            if deed.step is not None:
                assert deed.repetition <= deed.step.most_repetitions

    @invariant()
    def nothing_is_said_again_while_somebody_has_it(self) -> None:
        coming = agenda.next(self.standing, self.terms)
        until = self.standing.acknowledged_until
        if coming is None or until is None or coming.step is None:
            return
        assert coming.step.is_before_due or coming.at >= until

    @invariant()
    def nothing_is_done_early(self) -> None:
        assert all(deed.at <= at for _, at, deed in self.deeds)

    @invariant()
    def one_breach_a_revision(self) -> None:
        breaches = [rev for rev, _, deed in self.deeds if deed.action is Action.BREACH]
        assert len(breaches) == len(set(breaches))

    @invariant()
    def no_reminder_after_the_due_time(self) -> None:
        for revision, at, deed in self.deeds:
            if deed.step is None or not deed.step.is_before_due:
                continue
            breached = [
                there for rev, there, other in self.deeds
                if rev == revision and other.action is Action.BREACH and there < at
            ]  # fmt: skip
            assert not (breached and deed.manner is Manner.TAKEN)


TestPromise = Promise.TestCase
TestPromise.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_a_sweep_every_minute_takes_every_step_at_its_instant() -> None:
    ladder = tuple(
        Step(number=place, basis=Basis.WORKING, offset=hours * 3600, audience=("owner",))
        for place, hours in enumerate((-2, 0, 2, 9), 1)
    )
    terms = Terms(ladder=ladder, hours=WEEK)
    standing = Standing(status=Status.OPEN, due_at=NOON + 3 * HOUR, revised_at=NOON)
    laid = [at for _, at in agenda.upcoming(standing, terms)]

    taken = []
    now = NOON
    while now < NOON + 6 * DAY:
        for deed, after in agenda.round_of(standing, terms, now=now):
            standing = after
            if deed.step is not None:
                taken.append(now)
        now += MINUTE

    assert taken == laid
