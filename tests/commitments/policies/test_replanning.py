"""Open promises are put under a newer version in the background, each once, and none is moved."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import policies, schedules, services, sweep
from commitments.models import Calendar, Commitment, Event, OpeningHours, Policy, Replan
from commitments.models.event import first_broken_link
from notifications.models import Delivery
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, ana, events_of, fresh

from .makers import a_step

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DUE = NOON + 4 * HOUR  # 16:00; reminded at 14:00 by step 1 of the usual ladder


def promises(count: int) -> list[Commitment]:
    return [
        a_commitment(due_at=DUE, case=str(number), summary=False) for number in range(count)
    ]  # fmt: skip


def the_policy() -> Policy:
    return Policy.objects.get(name="Usual")


def edit_and_choose_the_open_ones(now: datetime = NOON) -> None:
    """The reminder an hour before instead of two; a step for the lead at once; no manager."""
    policies.edit(
        the_policy().pk,
        steps=[a_step(-1, number=1), a_step(0, number=2), a_step(0, "lead"), a_step(2, number=3)],
        based_on=the_policy().latest().number,
        by=None,
        now=now,
        replan_open=True,
    )


def test_open_promises_climb_by_the_new_steps_from_then_on() -> None:
    [kettle] = promises(1)
    edit_and_choose_the_open_ones()

    changed = policies.replan_round(NOON)

    now_under = fresh(kettle)
    assert changed == 1
    assert now_under.policy_version.number == 2
    assert (now_under.next_action, now_under.next_action_at) == ("step", NOON + 3 * HOUR)
    assert now_under.due_at == kettle.due_at
    assert now_under.revision == kettle.revision
    assert events_of(kettle) == ["made", "replanned"]


def test_the_change_is_written_down_and_the_chain_holds() -> None:
    [kettle] = promises(1)
    old = kettle.policy_version_id
    edit_and_choose_the_open_ones()

    policies.replan_round(NOON)

    replanned = Event.objects.get(kind="replanned")
    assert replanned.changes["policy_version_id"] == [old, the_policy().latest().pk]
    assert replanned.actor is None
    assert first_broken_link(fresh(kettle)) is None


def test_nobody_is_written_to() -> None:
    promises(2)
    edit_and_choose_the_open_ones()

    policies.replan_round(NOON + 5 * HOUR)

    assert not Delivery.objects.exists()


def test_what_was_said_is_not_said_again_and_what_has_passed_is_recorded() -> None:
    [kettle] = promises(1)
    sweep.run(NOON + 2 * HOUR)  # step 1
    sweep.run(DUE)  # the breach, and step 2
    edit_and_choose_the_open_ones(DUE + HOUR)

    policies.replan_round(DUE + HOUR)
    sweep.run(DUE + 30 * DAY)

    lines = list(kettle.events.order_by("sequence").values_list("kind", "step"))
    assert lines == [
        ("made", None),
        ("step_taken", 1),
        ("breached", None),
        ("step_taken", 2),
        ("replanned", None),
        ("passed_over", 5),
        ("step_taken", 3),
    ]


def test_a_waiting_promise_is_put_under_it_too_and_closed_ones_are_not() -> None:
    waiting, closed = promises(2)
    services.wait(waiting.pk, by=ana(), what="A photo", now=NOON)
    services.fulfil(closed.pk, by=ana(), how="Sent", now=NOON)
    edit_and_choose_the_open_ones()

    changed = policies.replan_round(NOON)

    assert changed == 1
    assert fresh(waiting).policy_version.number == 2
    assert fresh(waiting).next_action == "nudge"
    assert fresh(closed).policy_version.number == 1


def test_the_schedules_job_runs_it_in_batches_and_finishes_it() -> None:
    promises(5)
    edit_and_choose_the_open_ones()

    done = schedules.run(NOON)

    replan = Replan.objects.get()
    assert done == 6  # and the nightly housekeeping
    assert (replan.changed, replan.finished_at, replan.next_at) == (5, NOON, None)
    assert Counter(Event.objects.values_list("kind", flat=True))["replanned"] == 5


def test_promises_under_other_policies_are_left_alone() -> None:
    [kettle] = promises(1)
    other = policies.make("Other", steps=[a_step(0)], by=None, now=NOON)
    Commitment.objects.filter(pk=kettle.pk).update(policy_version=other.latest())
    edit_and_choose_the_open_ones()

    assert policies.replan_round(NOON) == 0
    assert fresh(kettle).policy_version.policy == other


def test_a_later_replan_brings_everybody_under_the_latest() -> None:
    first, second = promises(2)
    edit_and_choose_the_open_ones()
    policies.replan_round(NOON)
    Commitment.objects.filter(pk=second.pk).update(
        policy_version=the_policy().versions.get(number=1)
    )
    edit_and_choose_the_open_ones(NOON)

    policies.replan_round(NOON)

    assert {fresh(each).policy_version.number for each in (first, second)} == {3}


def test_a_promise_that_cannot_be_planned_keeps_its_version_and_holds_nobody_up() -> None:
    kettle, lid, spoon = promises(3)
    closed = Calendar.objects.create(name="Never", zone="UTC")
    nobody = a_team("Night team")
    nobody.calendar = closed
    nobody.save()
    Commitment.objects.filter(pk=lid.pk).update(team=nobody)
    edit_and_choose_the_open_ones()

    changed = policies.replan_round(NOON, batch=1)

    assert not OpeningHours.objects.filter(calendar=closed).exists()
    assert changed == 2
    assert [fresh(each).policy_version.number for each in (kettle, lid, spoon)] == [2, 1, 2]
    assert Replan.objects.get().finished_at == NOON


def test_the_number_of_queries_does_not_depend_on_the_number_of_promises() -> None:
    def queries(count: int) -> int:
        promises(count)
        edit_and_choose_the_open_ones()
        with CaptureQueriesContext(connection) as captured:
            policies.replan_round(NOON)
        return len(captured)

    assert queries(2) == queries(30)
