"""The agenda as a table: which of the candidates is next, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from commitments import agenda
from commitments.agenda import Action, Manner, Next, Standing, Terms
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Basis, Step
from commitments.rules.lifecycle import Status
from tests.makers import DAY, HOUR, MINUTE, NOON


def rung(number: int, hours: float) -> Step:
    return Step(number=number, basis=Basis.ELAPSED, offset=int(hours * 3600), audience=("owner",))


REMIND, AT_DUE, LEAD = rung(1, -2), rung(2, 0), rung(3, 2)
DUE = NOON + 4 * HOUR
TERMS = Terms(ladder=(REMIND, AT_DUE, LEAD), hours=Hours.round_the_clock("UTC"), inform_every=1)
OPEN = Standing(status=Status.OPEN, due_at=DUE, revised_at=NOON)
LATE = replace(OPEN, breach_recorded=True, climbed=2, last_step_at=DUE)
WAITING = replace(OPEN, status=Status.WAITING, waiting_since=NOON)


@pytest.mark.parametrize(
    ("standing", "action", "at"),
    [
        (OPEN, Action.STEP, NOON + 2 * HOUR),
        (replace(OPEN, climbed=1), Action.BREACH, DUE),
        (replace(OPEN, climbed=1, breach_recorded=True), Action.STEP, DUE),
        (LATE, Action.STEP, DUE + 2 * HOUR),
        (replace(LATE, acknowledged_until=DUE + 3 * HOUR), Action.ASK_AGAIN, DUE + 3 * HOUR),
        (replace(LATE, climbed=3, acknowledged_until=DUE + DAY), Action.ASK_AGAIN, DUE + DAY),
        (replace(OPEN, update_due_at=NOON + HOUR), Action.INFORM, NOON + HOUR),
        (WAITING, Action.NUDGE, NOON + 2 * DAY),
        (replace(WAITING, nudged_at=NOON + 2 * DAY), Action.DECIDE, NOON + 4 * DAY),
    ],
)
def test_what_is_next(standing: Standing, action: Action, at: datetime) -> None:
    coming = agenda.next(standing, TERMS)

    assert coming is not None
    assert (coming.action, coming.at) == (action, at)


@pytest.mark.parametrize(
    "standing",
    [
        replace(LATE, climbed=3),
        replace(WAITING, nudged_at=NOON, decision_asked_at=NOON),
        replace(OPEN, status=Status.FULFILLED),
        replace(OPEN, status=Status.VOID),
    ],
)
def test_nothing_is_next_when_the_ladder_has_ended_or_the_promise_is_closed(
    standing: Standing,
) -> None:
    assert agenda.next(standing, TERMS) is None


def test_neither_acknowledgement_nor_step_holds_back_the_breach() -> None:
    acknowledged = replace(OPEN, climbed=1, acknowledged_until=DUE + DAY)

    assert agenda.next(acknowledged, TERMS) == Next(action=Action.BREACH, at=DUE)


def test_ties_are_settled_in_the_listed_order() -> None:
    everything = replace(OPEN, climbed=1, acknowledged_until=DUE, update_due_at=DUE)
    unasked = replace(everything, acknowledged_until=None)

    with_asking = [deed.action for deed, _ in agenda.round_of(everything, TERMS, now=DUE)]
    without = [deed.action for deed, _ in agenda.round_of(unasked, TERMS, now=DUE)]

    assert with_asking == [Action.BREACH, Action.ASK_AGAIN, Action.INFORM]
    assert without == [Action.BREACH, Action.STEP, Action.INFORM]


def test_two_steps_at_one_instant_are_taken_together() -> None:
    terms = replace(TERMS, ladder=(AT_DUE, rung(2, 0)))

    deeds = list(agenda.round_of(OPEN, terms, now=DUE + MINUTE))

    assert [deed.action for deed, _ in deeds] == [Action.BREACH, Action.STEP, Action.STEP]


def test_a_climb_that_comes_late_takes_one_step_and_keeps_its_distance() -> None:
    deeds = list(agenda.round_of(OPEN, TERMS, now=DUE + DAY))

    _, after = deeds[-1]
    coming = agenda.next(after, TERMS)
    assert [(deed.action, deed.manner) for deed, _ in deeds] == [
        (Action.STEP, Manner.PASSED_OVER),
        (Action.BREACH, Manner.TAKEN),
        (Action.STEP, Manner.TAKEN),
    ]
    assert coming == Next(action=Action.STEP, at=DUE + DAY + HOUR, step=LEAD)


def test_of_missed_reminders_only_the_latest_survives() -> None:
    terms = replace(TERMS, ladder=(rung(1, -3), rung(2, -2), rung(3, -1), AT_DUE))

    deeds = [deed for deed, _ in agenda.round_of(OPEN, terms, now=DUE - HOUR)]

    assert [deed.manner for deed in deeds] == [Manner.COALESCED, Manner.COALESCED, Manner.TAKEN]


def test_steps_before_the_promise_are_passed_over() -> None:
    terms = replace(TERMS, ladder=(rung(1, -9), rung(2, -4), rung(3, -1)))

    passed = agenda.passed_over_at_start(OPEN, terms)

    assert [step.number for step in passed] == [1, 2]


def test_being_asked_again_keeps_the_next_step_at_its_distance() -> None:
    asked_at = DUE + 6 * HOUR
    acknowledged = replace(LATE, acknowledged_until=asked_at)

    deeds = list(agenda.round_of(acknowledged, TERMS, now=asked_at))

    _, after = deeds[-1]
    coming = agenda.next(after, TERMS)
    assert [deed.action for deed, _ in deeds] == [Action.ASK_AGAIN]
    assert coming is not None
    assert coming.at > asked_at


def test_what_happens_if_it_stays_open() -> None:
    ahead = agenda.upcoming(replace(OPEN, climbed=1), TERMS)

    assert [(step.number, at) for step, at in ahead] == [(2, DUE), (3, DUE + 2 * HOUR)]


def replanned(
    standing: Standing, *steps: Step, now: datetime
) -> tuple[Standing, list[int], list[tuple[int, datetime]]]:
    """How it stands under these steps, what they pass over, and what lies ahead."""
    terms = replace(TERMS, ladder=steps)
    after, passed = agenda.replanned(standing, terms, was=TERMS.ladder, now=now)
    ahead = [(step.number, at) for step, at in agenda.upcoming(after, terms)]
    return after, [step.number for step in passed], ahead


def test_under_another_version_a_step_keeps_its_number() -> None:
    after, passed, ahead = replanned(LATE, LEAD, REMIND, AT_DUE, rung(4, 5), now=DUE + HOUR)

    assert passed == []
    assert (after.climbed, after.also_done) == (0, {1, 2})
    assert ahead == [(3, DUE + 2 * HOUR), (4, DUE + 5 * HOUR)]


def test_what_another_version_puts_into_the_past_is_passed_over() -> None:
    _, passed, ahead = replanned(
        LATE, REMIND, AT_DUE, rung(4, 0.5), rung(3, 0.75), rung(5, 3), now=DUE + HOUR
    )

    assert passed == [4, 3]
    assert ahead == [(5, DUE + 3 * HOUR)]


def test_what_was_owed_under_the_version_before_is_still_owed() -> None:
    held_back = replace(LATE, acknowledged_until=DUE + 5 * HOUR)

    _, passed, ahead = replanned(held_back, REMIND, AT_DUE, LEAD, now=DUE + 4 * HOUR)

    assert passed == []
    assert ahead == [(3, DUE + 5 * HOUR)]


def test_a_step_taken_out_and_put_back_is_not_taken_again() -> None:
    without, _, _ = replanned(LATE, REMIND, LEAD, now=DUE + HOUR)
    terms = replace(TERMS, ladder=(REMIND, LEAD))

    again, passed = agenda.replanned(without, TERMS, was=terms.ladder, now=DUE + HOUR)

    assert passed == ()
    assert (again.climbed, again.also_done) == (2, set())


def test_while_it_waits_on_the_customer_a_promise_passes_nothing_over() -> None:
    after, passed, _ = replanned(WAITING, rung(4, -3.5), REMIND, now=NOON + HOUR)

    assert passed == []
    assert after.climbed == 0
