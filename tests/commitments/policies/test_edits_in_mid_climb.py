"""A thousand edits in mid-climb, in memory: no step is repeated, and none is lost.

A promise climbs by the pure agenda while its policy is edited at any moment: steps moved, changed,
taken out, brought back, added. Whatever was done to a step is written down, as the sweep and the
re-plan write it.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import hypothesis
from hypothesis import given
from hypothesis import strategies as st

from commitments import agenda
from commitments.agenda import Action, Manner, Standing, Terms
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Basis, Ladder, Step
from commitments.rules.lifecycle import Status
from tests.makers import DAY, HOUR, NOON

WEEK = Hours(zone="Europe/Berlin", weekly=(((540, 1050),),) * 5 + ((), ()), exceptions={})
MOST = 8
# A place in the policy's numbers, and what the step is like in this version.
SHAPES = st.tuples(
    st.sampled_from([Basis.WORKING, Basis.ELAPSED]),
    st.integers(min_value=-30, max_value=60).map(lambda hours: hours * 3600),
)
VERSIONS = st.lists(
    st.tuples(st.integers(min_value=1, max_value=MOST), SHAPES),
    min_size=1,
    max_size=MOST,
    unique_by=lambda numbered: numbered[0],
).map(
    lambda rows: tuple(
        Step(number=number, basis=basis, offset=offset, audience=("owner",))
        for number, (basis, offset) in rows
    )
)
MOMENTS = st.integers(min_value=0, max_value=40 * 60)
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), MOMENTS, VERSIONS),
        st.tuples(st.just("sweep"), MOMENTS, st.none()),
        st.tuples(st.just("acknowledge"), MOMENTS, st.none()),
    ),
    max_size=12,
)


@dataclass
class Promise:
    """One promise, and what its timeline says became of each step."""

    ladder: Ladder
    standing: Standing
    now: datetime = NOON
    record: list[tuple[int, str]] = field(default_factory=list)

    def terms(self) -> Terms:
        return Terms(ladder=self.ladder, hours=WEEK)

    def begin(self) -> None:
        passed = agenda.passed_over_at_start(self.standing, self.terms())
        self.standing = replace(self.standing, climbed=len(passed))
        self.record += [(step.number, "passed over") for step in passed]

    def sweep(self) -> None:
        for deed, after in agenda.round_of(self.standing, self.terms(), now=self.now):
            self.standing = after
            if deed.action is Action.STEP and deed.step is not None:
                self.record.append((deed.step.number, deed.manner.value))

    def edit(self, ladder: Ladder) -> None:
        was, self.ladder = self.ladder, ladder
        self.standing, passed = agenda.replanned(self.standing, self.terms(), was=was, now=self.now)
        self.record += [(step.number, "passed over") for step in passed]

    def acknowledge(self) -> None:
        until = WEEK.add(self.now, timedelta(hours=2))
        self.standing = replace(self.standing, acknowledged_until=until)


@given(first=VERSIONS, hours_given=st.integers(1, 100), happenings=HAPPENINGS)
@hypothesis.settings(max_examples=int(os.environ.get("EDITS", "1000")), deadline=None)
def test_edits_in_mid_climb_repeat_and_lose_no_step(
    first: Ladder, hours_given: int, happenings: list[tuple[str, int, Ladder | None]]
) -> None:
    kettle = Promise(
        first,
        Standing(status=Status.OPEN, due_at=NOON + hours_given * HOUR, revised_at=NOON),
    )
    kettle.begin()

    for what, minutes, ladder in happenings:
        kettle.now += timedelta(minutes=minutes)
        if ladder is not None:
            kettle.edit(ladder)
        elif what == "acknowledge":
            kettle.acknowledge()
        else:
            kettle.sweep()
    for day in range(1, 60):  # it is never closed, so the climb comes to its end
        kettle.now += day * DAY
        kettle.sweep()

    seen = Counter(number for number, _ in kettle.record)
    assert [number for number, count in seen.items() if count > 1] == []  # none is repeated
    assert {step.number for step in kettle.ladder} <= set(seen)  # none is lost
    assert agenda.next(kettle.standing, kettle.terms()) is None


def test_a_step_still_ahead_is_taken_although_another_is_put_in_front_of_it() -> None:
    reminder = Step(number=1, basis=Basis.WORKING, offset=-2 * 3600, audience=("owner",))
    lead = Step(number=2, basis=Basis.WORKING, offset=2 * 3600, audience=("lead",))
    sooner = Step(number=3, basis=Basis.WORKING, offset=0, audience=("deputy",))
    kettle = Promise(
        (reminder, lead), Standing(status=Status.OPEN, due_at=NOON + 4 * HOUR, revised_at=NOON)
    )
    kettle.now = NOON + 2 * HOUR
    kettle.sweep()

    kettle.edit((lead, sooner, reminder))
    kettle.now = NOON + 30 * DAY
    kettle.sweep()
    kettle.now += DAY
    kettle.sweep()

    assert kettle.record == [
        (1, Manner.TAKEN.value),
        (2, Manner.TAKEN.value),
        (3, Manner.TAKEN.value),
    ]
