"""The agenda as a table: what is said again, held back, overtaken, and counted per cent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from commitments import agenda
from commitments.agenda import Action, Deed, Manner, Next, Standing, Terms
from commitments.rules.business_time import Hours
from commitments.rules.ladder import Basis, Step
from commitments.rules.lifecycle import Status
from tests.makers import DAY, HOUR, MINUTE, NOON

DUE = NOON + 4 * HOUR
ALWAYS = Hours.round_the_clock("UTC")
WEEK = Hours(zone="UTC", weekly=(((540, 1050),),) * 5 + ((), ()), exceptions={})
OPEN = Standing(status=Status.OPEN, due_at=DUE, revised_at=NOON)


def rung(number: int, hours: float, *audience: str, every: float = 0, cap: int = 0) -> Step:
    """An elapsed step, so many hours from due, said again every so many hours."""
    return Step(
        number=number,
        basis=Basis.ELAPSED,
        offset=int(hours * 3600),
        audience=audience or ("owner",),
        repeat_every=int(every * 3600) or None,
        repeat_cap=cap,
    )


REMIND = rung(1, -3, every=1, cap=9)
AT_DUE = rung(2, 0, every=1, cap=2)
LEAD = rung(3, 5, "lead")
MANAGER = rung(4, 30, "manager")
TERMS = Terms(ladder=(REMIND, AT_DUE, LEAD, MANAGER), hours=ALWAYS)
REMINDED = replace(OPEN, climbed=1, last_step=1, last_step_at=DUE - 3 * HOUR)
SAID = replace(OPEN, breach_recorded=True, climbed=2, last_step=2, last_step_at=DUE)


def swept(
    standing: Standing, terms: Terms, *instants: datetime, breached_before: bool = False
) -> Iterator[tuple[datetime, Deed, Standing]]:
    """Every deed of a round at each of these instants, and how the promise then stands."""
    for now in instants:
        rounds = agenda.round_of(standing, terms, now=now, breached_before=breached_before)
        for deed, after in rounds:
            standing = after
            yield now, deed, after


def said(
    standing: Standing, terms: Terms, *instants: datetime, breached_before: bool = False
) -> list[tuple[datetime, int, int]]:
    """When which step was said for the how manieth time."""
    deeds = swept(standing, terms, *instants, breached_before=breached_before)
    return [
        (now, deed.step.number, deed.repetition)
        for now, deed, _ in deeds
        if deed.step is not None and deed.manner is Manner.TAKEN
    ]


def hourly(count: int, *, since: datetime) -> list[datetime]:
    return [since + number * HOUR for number in range(count)]


@pytest.mark.parametrize(
    ("standing", "coming"),
    [
        (REMINDED, Next(action=Action.REPEAT, at=DUE - 2 * HOUR, step=REMIND)),
        (
            replace(REMINDED, repetition=2, last_step_at=DUE - HOUR),
            Next(action=Action.BREACH, at=DUE),
        ),
        (SAID, Next(action=Action.REPEAT, at=DUE + HOUR, step=AT_DUE)),
        (
            replace(SAID, repetition=2, last_step_at=DUE + 2 * HOUR),
            Next(action=Action.STEP, at=DUE + 5 * HOUR, step=LEAD),
        ),
        (
            replace(SAID, last_step_at=DUE + 4 * HOUR),
            Next(action=Action.STEP, at=DUE + 5 * HOUR, step=LEAD),
        ),
        (
            replace(SAID, acknowledged_until=DUE + 3 * HOUR),
            Next(action=Action.ASK_AGAIN, at=DUE + 3 * HOUR),
        ),
        (
            replace(SAID, status=Status.WAITING, waiting_since=NOON),
            Next(action=Action.NUDGE, at=NOON + 2 * DAY),
        ),
    ],
    ids=[
        "a reminder is said again before due",
        "never at due",
        "so is a step after due",
        "until its cap",
        "or until the next step, which wins a tie",
        "not while somebody has it",
        "nor while it waits on the customer",
    ],
)
def test_what_is_said_again(standing: Standing, coming: Next) -> None:
    assert agenda.next(standing, TERMS) == coming


def test_a_step_is_said_again_until_its_cap_and_then_the_next_one_is_taken() -> None:
    assert said(OPEN, TERMS, *hourly(12, since=NOON)) == [
        (NOON + HOUR, 1, 0),
        (NOON + 2 * HOUR, 1, 1),
        (NOON + 3 * HOUR, 1, 2),
        (DUE, 2, 0),
        (DUE + HOUR, 2, 1),
        (DUE + 2 * HOUR, 2, 2),
        (DUE + 5 * HOUR, 3, 0),
    ]


def test_after_an_outage_it_is_said_again_once_and_keeps_its_distance() -> None:
    terms = replace(TERMS, ladder=(rung(1, 0, every=1, cap=5),))
    standing = replace(OPEN, breach_recorded=True, climbed=1, last_step=1, last_step_at=DUE)

    late = DUE + 3 * HOUR + 30 * MINUTE

    assert said(standing, terms, late, late, late + 59 * MINUTE, late + HOUR) == [
        (late, 1, 1),
        (late + HOUR, 1, 2),
    ]


def test_what_is_overtaken_by_the_next_step_is_not_said_again() -> None:
    assert said(SAID, TERMS, DUE + 6 * HOUR) == [(DUE + 6 * HOUR, 3, 0)]


def test_a_reminder_missed_until_after_due_is_not_said_again() -> None:
    assert said(REMINDED, TERMS, DUE + MINUTE) == [(DUE + MINUTE, 2, 0)]


def test_saying_it_again_never_holds_back_a_climb_that_catches_up() -> None:
    often = rung(2, 0, every=0.5, cap=20)
    terms = replace(TERMS, ladder=(often, LEAD, MANAGER))
    late = DUE + 3 * DAY

    instants = [late + number * 10 * MINUTE for number in range(20)]

    assert said(OPEN, terms, *instants) == [
        (late, 2, 0),
        (late + HOUR, 3, 0),
        (late + 2 * HOUR, 4, 0),
    ]


def test_working_steps_are_said_again_in_working_time() -> None:
    step = Step(
        number=1, basis=Basis.WORKING, offset=0, audience=("owner",),
        repeat_every=2 * 3600, repeat_cap=2,
    )  # fmt: skip
    friday = datetime.fromisoformat("2026-05-22T16:30:00+00:00")
    standing = Standing(
        status=Status.OPEN, due_at=friday, revised_at=NOON, breach_recorded=True,
        climbed=1, last_step=1, last_step_at=friday,
    )  # fmt: skip

    coming = agenda.said_again(standing, Terms(ladder=(step,), hours=WEEK))

    monday = datetime.fromisoformat("2026-05-25T10:00:00+00:00")
    assert coming == Next(action=Action.REPEAT, at=monday, step=step)


def test_a_customer_is_written_to_once() -> None:
    alone = rung(1, 0, "customer", every=1, cap=3)
    terms = replace(TERMS, ladder=(alone,))

    assert said(OPEN, terms, *hourly(9, since=DUE)) == [(DUE, 1, 0)]


def test_acknowledging_pauses_what_is_said_again_and_then_it_keeps_its_distance() -> None:
    acknowledged = replace(SAID, acknowledged_until=DUE + 90 * MINUTE)
    instants = [DUE + number * 30 * MINUTE for number in range(8)]

    deeds = [(now, deed.action) for now, deed, _ in swept(acknowledged, TERMS, *instants)]

    assert deeds == [
        (DUE + 90 * MINUTE, Action.ASK_AGAIN),
        (DUE + 150 * MINUTE, Action.REPEAT),
        (DUE + 210 * MINUTE, Action.REPEAT),
    ]


def test_a_second_breach_goes_straight_to_the_managers_step() -> None:
    deeds = list(swept(REMINDED, TERMS, DUE + MINUTE, breached_before=True))

    assert [(deed.action, deed.step and deed.step.number, deed.manner) for _, deed, _ in deeds] == [
        (Action.BREACH, None, Manner.TAKEN),
        (Action.STEP, 2, Manner.OVERTAKEN),
        (Action.STEP, 3, Manner.OVERTAKEN),
        (Action.STEP, 4, Manner.TAKEN),
    ]
    assert deeds[-1][2].last_step == 4
    assert agenda.next(deeds[-1][2], TERMS) is None


def test_a_role_asks_managers_as_well() -> None:
    by_role = rung(2, 9, "role:manager")
    terms = replace(TERMS, ladder=(AT_DUE, by_role))
    again = replace(OPEN, breach_recorded=True, breached_again=True)

    assert agenda.upcoming(again, terms) == [(by_role, DUE)]


def test_without_a_managers_step_a_second_breach_climbs_as_usual() -> None:
    terms = replace(TERMS, ladder=(REMIND, AT_DUE, LEAD))

    assert said(REMINDED, terms, DUE, DUE + 5 * HOUR, breached_before=True) == [
        (DUE, 2, 0),
        (DUE + 5 * HOUR, 3, 0),
    ]


def test_a_climb_that_is_under_way_is_not_led_to_the_manager_again() -> None:
    under_way = replace(SAID, breached_again=True)

    assert agenda.upcoming(under_way, TERMS)[0] == (LEAD, DUE + 5 * HOUR)


def test_who_acknowledged_first_is_asked_before_the_manager_is() -> None:
    acknowledged = replace(
        REMINDED, breach_recorded=True, breached_again=True, acknowledged_until=DUE + 2 * HOUR
    )
    instants = [DUE + HOUR, DUE + 2 * HOUR, DUE + 3 * HOUR]

    deeds = [
        (now, deed.action, deed.manner) for now, deed, _ in swept(acknowledged, TERMS, *instants)
    ]

    assert deeds == [
        (DUE + 2 * HOUR, Action.ASK_AGAIN, Manner.TAKEN),
        (DUE + 3 * HOUR, Action.STEP, Manner.OVERTAKEN),
        (DUE + 3 * HOUR, Action.STEP, Manner.OVERTAKEN),
        (DUE + 3 * HOUR, Action.STEP, Manner.TAKEN),
    ]


@pytest.mark.parametrize(
    ("percent", "at"),
    [
        (75, NOON + 3 * HOUR),
        (99, NOON + timedelta(hours=4) * 0.99),
        (100, DUE),
        (150, DUE + 2 * HOUR),
    ],
)
def test_per_cent_of_the_time_given(percent: int, at: datetime) -> None:
    step = Step(number=1, basis=Basis.PERCENT, offset=percent, audience=("owner",))
    terms = Terms(ladder=(step,), hours=ALWAYS)

    assert agenda.upcoming(OPEN, terms) == [(step, at)]
    assert step.is_before_due is (percent < 100)


def test_from_due_on_per_cent_never_comes_before_the_due_time() -> None:
    saturday = datetime.fromisoformat("2026-05-23T10:00:00+00:00")
    standing = replace(OPEN, due_at=saturday)
    steps = tuple(
        Step(number=number, basis=Basis.PERCENT, offset=offset, audience=("owner",))
        for number, offset in ((1, 100), (2, 110))
    )

    ahead = agenda.upcoming(standing, Terms(ladder=steps, hours=WEEK))

    monday = datetime.fromisoformat("2026-05-25T10:24:00+00:00")
    assert [at for _, at in ahead] == [saturday, monday]


def test_what_lies_ahead_waits_for_who_acknowledged() -> None:
    acknowledged = replace(SAID, acknowledged_until=DUE + 2 * DAY)

    assert agenda.upcoming(acknowledged, TERMS) == [
        (LEAD, DUE + 2 * DAY),
        (MANAGER, DUE + 2 * DAY),
    ]
