"""What is worked out once for all that stand alike is right for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commitments.agenda import Terms
from commitments.models import Commitment, Team
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Basis, Step
from commitments.rules.lifecycle import Status
from commitments.sweep.courses import Course, Courses
from tests.makers import DAY, HOUR, MINUTE, NOON

NOW = NOON + 5 * HOUR
TERMS = Terms(
    ladder=(
        Step(number=1, basis=Basis.PERCENT, offset=75, audience=("owner",)),
        Step(
            number=2,
            basis=Basis.ELAPSED,
            offset=0,
            audience=("owner",),
            repeat_every=1800,
            repeat_cap=2,
        ),
        Step(number=3, basis=Basis.ELAPSED, offset=3600, audience=("lead",)),
        Step(number=4, basis=Basis.ELAPSED, offset=7200, audience=("manager",)),
        Step(number=5, basis=Basis.ELAPSED, offset=5 * 86400, audience=("lead",)),
    ),
    hours=Hours.round_the_clock("UTC"),
    inform_every=1,
)
LATE = {
    "policy_version_id": 1,
    "kind_id": 1,
    "status": Status.OPEN.value,
    "due_at": NOON + 3 * HOUR,
    "revised_at": NOON - DAY,
    "breached_at": None,
    "breached_again": False,
    "climbed": 1,
    "also_done": [],
    "last_step": 1,
    "repetition": 0,
    "last_step_at": NOON,
    "acknowledged_until": None,
    "update_due_at": None,
    "waiting_since": None,
    "nudged_at": None,
    "decision_asked_at": None,
}
CLIMBING = LATE | {
    "breached_at": NOON + 3 * HOUR,
    "climbed": 2,
    "last_step": 2,
    "last_step_at": NOW - HOUR,
}
WAITING = LATE | {"status": Status.WAITING.value, "waiting_since": NOON - 6 * DAY}
NUDGED = WAITING | {"nudged_at": NOON - 3 * DAY}
INSTANTS = st.sampled_from([None, NOON - 6 * DAY, NOON, NOON + 3 * HOUR, NOW - MINUTE, NOW + DAY])
FACTS = st.one_of(
    st.tuples(st.just("due_at"), st.sampled_from([NOON, NOW - MINUTE, NOW + HOUR])),
    st.tuples(st.just("revised_at"), st.sampled_from([NOON, NOON + 2 * HOUR])),
    st.tuples(st.just("breached_again"), st.booleans()),
    st.tuples(st.just("climbed"), st.integers(0, 5)),
    st.tuples(st.just("also_done"), st.sampled_from([[], [2], [3], [3, 4]])),
    st.tuples(st.just("last_step"), st.sampled_from([None, 1, 2, 3])),
    st.tuples(st.just("repetition"), st.integers(0, 2)),
    st.tuples(st.just("status"), st.sampled_from([Status.OPEN.value, Status.WAITING.value])),
    *(
        st.tuples(st.just(name), INSTANTS)
        for name in (
            *("breached_at", "last_step_at", "acknowledged_until", "update_due_at"),
            *("waiting_since", "nudged_at", "decision_asked_at"),
        )
    ),
)


def a_promise(facts: Mapping[str, Any]) -> Commitment:
    promise = Commitment.filled(dict(facts))
    promise.know(team=Team(calendar_id=1))
    return promise


def course(
    facts: Mapping[str, Any], *, among: Courses | None = None, breached_before: bool = False
) -> Course:
    courses = among or Courses(now=NOW)
    return courses.of(a_promise(facts), TERMS, breached_before=breached_before)


@given(st.sampled_from([LATE, CLIMBING, WAITING, NUDGED]), FACTS, FACTS)
@example(WAITING, ("climbed", 1), ("status", "open"))
@example(WAITING, ("climbed", 1), ("waiting_since", NOW + DAY))
@example(WAITING, ("climbed", 1), ("nudged_at", NOON))
@example(NUDGED, ("climbed", 1), ("decision_asked_at", NOON))
def test_a_promise_that_differs_in_one_fact_goes_its_own_way(
    facts: Mapping[str, Any], both: tuple[str, object], one: tuple[str, object]
) -> None:
    alike = facts | dict([both])
    courses = Courses(now=NOW)
    course(alike, among=courses)

    assert course(alike | dict([one]), among=courses) == course(alike | dict([one]))


@pytest.mark.parametrize("name", ["policy_version_id", "kind_id"])
def test_what_stands_under_other_terms_goes_its_own_way(name: str) -> None:
    courses = Courses(now=NOW)
    course(LATE, among=courses)
    other = Terms(ladder=TERMS.ladder[:1], hours=TERMS.hours)

    found = courses.of(a_promise(LATE | {name: 2}), other, breached_before=False)

    assert [turn.deed.action for turn in found.turns] == ["breach"]


def test_a_second_breach_goes_its_own_way() -> None:
    courses = Courses(now=NOW)
    course(LATE, among=courses)

    breach, *_ = course(LATE, among=courses, breached_before=True).turns

    assert breach.changes["breached_again"] == [False, True]


def test_what_was_made_at_another_time_goes_the_same_way_where_no_step_asks_when() -> None:
    terms = Terms(ladder=TERMS.ladder[1:], hours=TERMS.hours)
    courses = Courses(now=NOW)
    first = courses.of(a_promise(LATE), terms, breached_before=False)

    assert courses.of(a_promise(LATE | {"revised_at": NOON}), terms, breached_before=False) is first
