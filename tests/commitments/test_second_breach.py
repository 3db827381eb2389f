"""A customer who was let down not long before: the manager is asked at once, and it is said why."""

from __future__ import annotations

import pytest

from commitments import services, sweep
from commitments.models import Commitment, Customer
from notifications.models import Delivery
from tests.commitments.ladders import climb_by, rung, steps_of
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, fresh, ines, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DUE = NOON + 3 * HOUR


def a_kettle(**fields: object) -> Commitment:
    return a_commitment(due_at=DUE, summary=False, **fields)


LET_DOWN = (rung(1, -0.5), rung(2, 0), rung(3, 1, "lead"), rung(4, 30, "manager"))


def test_a_second_breach_towards_a_customer_goes_straight_to_the_manager() -> None:
    first = a_commitment(due_at=NOON + MINUTE, case="first", summary=False)
    sweep.run(NOON + MINUTE)
    kettle = a_kettle(case="second")
    climb_by(kettle, *LET_DOWN)

    sweep.run(DUE + 2 * MINUTE, batch=1)

    assert steps_of(kettle) == [
        ("passed_over", 1, 0, "", DUE + 2 * MINUTE),
        ("passed_over", 2, 0, "owner", DUE + 2 * MINUTE),
        ("passed_over", 3, 0, "lead", DUE + 2 * MINUTE),
        ("step_taken", 4, 0, "manager", DUE + 2 * MINUTE),
    ]
    breach = kettle.events.get(kind="breached")
    assert (breach.at, breach.changes["breached_again"]) == (DUE, [False, True])
    skipped = kettle.events.get(step=3).changes
    assert skipped["because"] == "second_breach"
    assert fresh(kettle).breached_again
    assert not fresh(first).breached_again
    told = Delivery.objects.filter(about=kettle.about, channel="email")
    assert [(row.template, row.person) for row in told] == [("escalation", ines())]


@pytest.mark.parametrize(
    ("before", "customer", "is_second"),
    [(89 * DAY, "Tom Okafor", True), (91 * DAY, "Tom Okafor", False), (DAY, "Eve Lind", False)],
)
def test_a_second_breach_is_one_towards_the_same_customer_and_not_long_after(
    before: object, customer: str, is_second: bool
) -> None:
    tom()
    let_down = Customer.objects.get_or_create(name=customer)[0]
    earlier = a_commitment(
        due_at=DUE - before, now=DUE - before - HOUR, customer=let_down, summary=False
    )
    Commitment.objects.filter(pk=earlier.pk).update(
        breached_at=DUE - before, next_action="", next_action_at=None
    )
    kettle = a_kettle(customer=tom())

    sweep.run(DUE)

    assert fresh(kettle).breached_again is is_second


def test_of_two_that_are_broken_together_the_later_one_is_the_second() -> None:
    earlier = a_commitment(due_at=DUE - MINUTE, case="earlier", summary=False)
    later = a_commitment(due_at=DUE, case="later", summary=False)

    sweep.run(DUE)

    assert (fresh(earlier).breached_again, fresh(later).breached_again) == (False, True)


def test_a_promise_that_is_broken_at_its_new_time_too_is_the_second() -> None:
    kettle = a_kettle()
    sweep.run(DUE)
    services.move(
        kettle.pk,
        by=ana(),
        due_at=DUE + DAY,
        reason="The part is late",
        told=services.Told.PHONE,
        now=DUE + HOUR,
    )

    sweep.run(DUE + DAY)

    assert fresh(kettle).breached_again


def test_what_was_logged_by_mistake_let_nobody_down() -> None:
    mistaken = a_commitment(due_at=NOON + MINUTE, case="mistaken", summary=False)
    sweep.run(NOON + MINUTE)
    services.void(mistaken.pk, by=ines(), reason="A double entry", now=NOON + 2 * MINUTE)
    kettle = a_kettle(case="kettle")

    sweep.run(DUE)

    assert not fresh(kettle).breached_again


def test_a_verb_that_records_a_second_breach_says_so_as_well() -> None:
    first = a_commitment(due_at=NOON + MINUTE, case="first", summary=False)
    sweep.run(NOON + MINUTE)
    kettle = a_kettle(case="second")
    climb_by(kettle, *LET_DOWN)

    services.update(kettle.pk, by=ana(), words="Still at it", tell_customer=False, now=DUE + MINUTE)
    after_the_verb = fresh(kettle)
    sweep.run(DUE + 2 * MINUTE)

    assert after_the_verb.breached_again
    assert not fresh(first).breached_again
    assert [(kind, step) for kind, step, *_ in steps_of(kettle)][-1] == ("step_taken", 4)


def test_a_new_time_begins_the_climb_anew_also_after_a_second_breach() -> None:
    a_commitment(due_at=NOON + MINUTE, case="first", summary=False)
    sweep.run(NOON + MINUTE)
    kettle = a_kettle(case="second")
    sweep.run(DUE)

    services.move(
        kettle.pk,
        by=ana(),
        due_at=DUE + DAY,
        reason="The part is late",
        told=services.Told.PHONE,
        now=DUE + HOUR,
    )

    moved = fresh(kettle)
    assert (moved.breached_again, moved.climbed, moved.last_step) == (False, 0, None)
