"""Two rounds of a re-plan at once, a killed one, and promises that somebody holds."""

from __future__ import annotations

from threading import Event as Flag

import pytest
from django.db import connection, transaction

from commitments import policies
from commitments.models import Commitment, Event, Policy, Replan
from tests.commitments.policies.makers import a_step
from tests.makers import HOUR, NOON, a_commitment, fresh

from .test_two_sweeps import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.faults,
]


def promises_to_replan(count: int) -> list[Commitment]:
    found = [
        a_commitment(due_at=NOON + 4 * HOUR, case=str(number), summary=False)
        for number in range(count)
    ]
    policies.edit(
        Policy.objects.get(name="Usual").pk,
        steps=[a_step(-1, number=1), a_step(3, "lead")],
        based_on=1,
        by=None,
        now=NOON,
        replan_open=True,
    )
    return found


def replanned() -> list[int]:
    events = Event.objects.filter(kind="replanned").order_by("commitment")
    return list(events.values_list("commitment", flat=True))


def test_two_rounds_at_once_replan_every_promise_once() -> None:
    found = promises_to_replan(60)

    rounds = at_once(*[lambda: policies.replan_round(NOON, batch=7)] * 3)
    policies.replan_round(NOON, batch=7)  # what was left when both looked at once

    assert all(isinstance(done, int) for done in rounds)
    assert replanned() == [each.pk for each in found]
    assert Replan.objects.get().changed == 60
    assert Replan.objects.get().finished_at == NOON


def test_a_promise_that_somebody_holds_is_met_again() -> None:
    kettle, lid, spoon = promises_to_replan(3)
    held, done = Flag(), Flag()

    def hold() -> None:
        with transaction.atomic():
            Commitment.objects.select_for_update().get(pk=lid.pk)
            held.set()
            assert done.wait(20)

    def replan() -> int:
        assert held.wait(20)
        try:
            return policies.replan_round(NOON)
        finally:
            done.set()

    _, first = at_once(hold, replan)
    second = policies.replan_round(NOON)

    assert (first, second) == (2, 1)
    assert {fresh(each).policy_version.number for each in (kettle, lid, spoon)} == {2}
    assert Replan.objects.get().finished_at == NOON


def test_a_round_that_dies_between_batches_is_gone_on_with() -> None:
    found = promises_to_replan(10)

    def die_in_the_second_batch() -> None:
        with connection.cursor() as cursor:
            cursor.execute("set idle_in_transaction_session_timeout = 0")
        policies.replan_round(NOON, batch=4)

    with pytest.raises(RuntimeError), DiesAfter(1):
        die_in_the_second_batch()
    after_death = replanned()
    policies.replan_round(NOON, batch=4)

    assert after_death == [each.pk for each in found[:4]]
    assert replanned() == [each.pk for each in found]


class DiesAfter:
    """The connection breaks in the middle of the batch after so many."""

    def __init__(self, batches: int) -> None:
        self.left = batches

    def __enter__(self) -> None:
        self.wrapper = connection.execute_wrapper(self)
        self.wrapper.__enter__()

    def __exit__(self, *trouble: object) -> None:
        self.wrapper.__exit__(*trouble)  # type: ignore[arg-type]  # handed on

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.startswith('UPDATE "commitments_commitment"'):
            if not self.left:
                raise RuntimeError("killed")
            self.left -= 1
        return execute(sql, params, many, context)
