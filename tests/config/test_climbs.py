"""The auditor knows what a ladder should have done, and says how the events differ from it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from commitments import policies, services, sweep
from commitments.house import hours as opening_hours
from commitments.models import Calendar, Commitment, EventKind, Occurrence
from commitments.models.event import append
from commitments.rules.ladder import Basis
from config.audit.climbs import Climb
from config.audit.grounds import Grounds
from tests.commitments.ladders import put_under, rung, steps_of
from tests.makers import HOUR, MINUTE, NOON, a_commitment, a_team, ana, fresh, stand_under

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = NOON + 3 * HOUR


def a_kettle() -> Commitment:
    """Reminded two hours before it is due, said to the owner when it is, to the lead after."""
    return a_commitment(due_at=DUE, summary=False)


def write_down(commitment: Commitment, kind: str, at: datetime, **facts: object) -> None:
    """An event that nothing led to, with its place in the chain."""
    held = fresh(commitment)
    append(held, Occurrence(kind=kind, at=at, recorded_at=at, **facts))
    held.save()


def differences(commitment: Commitment) -> list[str]:
    held = fresh(commitment)
    events = list(held.events.order_by("sequence"))
    return [
        said
        for said in Climb(held, events, Grounds()).differences()
        if not said.startswith("has its clock")
    ]


def test_a_climb_that_went_as_it_should_differs_in_nothing() -> None:
    kettle = a_kettle()
    for minutes in range(0, 60 * 30, 10):
        sweep.run(NOON + minutes * MINUTE)

    held = fresh(kettle)
    events = list(held.events.order_by("sequence"))
    assert [event.step for event in events if event.step] == [1, 2, 3, 4]
    assert list(Climb(held, events, Grounds()).differences()) == []


def test_a_climb_that_came_late_differs_in_nothing() -> None:
    kettle = a_kettle()
    for hours in range(40, 60):
        sweep.run(NOON + hours * HOUR)

    held = fresh(kettle)
    assert list(Climb(held, list(held.events.order_by("sequence")), Grounds()).differences()) == []


def test_moved_undone_and_climbed_again_differs_in_nothing() -> None:
    kettle = a_kettle()
    sweep.run(NOON + HOUR)
    moved = services.move(
        kettle.pk,
        by=ana(),
        due_at=NOON + 30 * MINUTE + HOUR,
        reason="Sooner",
        told=services.Told.NO,
        now=NOON + HOUR,
    )
    event = moved.events.get(kind="moved")
    services.undo(event.pk, by=ana(), now=NOON + HOUR + MINUTE / 6)
    sweep.run(DUE)

    held = fresh(kettle)
    assert list(Climb(held, list(held.events.order_by("sequence")), Grounds()).differences()) == []


def test_a_step_still_owed_may_come_after_what_a_replan_passed_over() -> None:
    kettle = a_kettle()
    owner, lead = rung(0, 0), rung(0, 1, "lead")
    policy = policies.make("Ours", steps=[owner, lead], by=None, now=NOON)
    put_under(policy.latest(), kettle)
    sweep.run(DUE)
    services.acknowledge(kettle.pk, by=ana(), now=DUE + MINUTE)
    policies.edit(
        policy.pk,
        steps=[*policy.latest().ladder(), rung(0, 1.25, "manager")],
        based_on=1,
        by=None,
        now=DUE + 90 * MINUTE,
        replan_open=True,
    )

    policies.replan_round(DUE + 90 * MINUTE)
    sweep.run(DUE + 3 * HOUR)
    sweep.run(DUE + 4 * HOUR)

    assert [(kind, step) for kind, step, *_ in steps_of(kettle)] == [
        ("step_taken", 1),
        ("passed_over", 3),
        ("step_taken", 2),
    ]
    assert differences(kettle) == []


def test_a_step_before_its_moment_is_seen() -> None:
    kettle = a_kettle()

    write_down(kettle, EventKind.STEP_TAKEN, NOON + HOUR - MINUTE, step=1)

    assert differences(kettle) == ["took step 1 before its moment"]


def test_a_step_is_not_called_early_when_the_hours_were_edited_since() -> None:
    kettle = a_kettle()
    write_down(kettle, EventKind.STEP_TAKEN, NOON + HOUR - MINUTE, step=1)

    LogEntry.objects.create(
        user=ana(),
        content_type=ContentType.objects.get_for_model(Calendar),
        object_id=str(kettle.team.calendar_id),
        object_repr="Working week",
        action_flag=CHANGE,
        action_time=NOON + HOUR,
    )

    assert differences(kettle) == []


def test_nor_when_they_were_edited_on_our_own_pages() -> None:
    kettle = a_kettle()
    write_down(kettle, EventKind.STEP_TAKEN, NOON + HOUR - MINUTE, step=1)
    week = kettle.team.calendar

    opening_hours.edit(
        week.pk,
        opening_hours.Week(
            name=week.name, zone=week.zone, weekly=(*week.hours().weekly[:6], ((540, 780),))
        ),
        seen_mark=opening_hours.mark(week),
        now=NOON + HOUR,
    )

    assert differences(kettle) == []


def test_nor_when_it_went_by_the_hours_of_another_team() -> None:
    kettle = a_kettle()
    write_down(kettle, EventKind.STEP_TAKEN, NOON + HOUR - MINUTE, step=1)
    other = a_team("Moves")

    services.hand_to_team(kettle.pk, by=ana(), team_id=other.pk, now=NOON + HOUR)
    write_down(kettle, EventKind.STEP_TAKEN, DUE - MINUTE, step=2)

    assert differences(kettle) == ["took step 2 before its moment"]


def test_a_step_out_of_order_is_seen() -> None:
    kettle = a_kettle()
    write_down(kettle, EventKind.STEP_TAKEN, DUE, step=2)

    write_down(kettle, EventKind.STEP_TAKEN, DUE, step=1)

    assert differences(kettle) == ["took step 1 out of order"]


def test_a_step_taken_twice_is_seen() -> None:
    kettle = a_kettle()
    sweep.run(NOON + HOUR)
    held = fresh(kettle)
    events = list(held.events.order_by("sequence"))

    (first,) = Climb(held, [*events, events[-1]], Grounds()).differences()

    assert first == "took step 1 twice"


def test_a_step_that_its_policy_does_not_have_is_seen() -> None:
    kettle = a_kettle()

    write_down(kettle, EventKind.STEP_TAKEN, DUE, step=9)

    assert differences(kettle) == ["took step 9, which its policy does not have"]


def test_a_breach_that_is_not_dated_at_the_due_time_is_seen() -> None:
    kettle = a_kettle()

    write_down(kettle, EventKind.BREACHED, DUE + MINUTE)

    assert differences(kettle) == [
        "was broken at 2026-05-21 15:01:00, and was due at 2026-05-21 15:00:00"
    ]


def test_a_promise_closed_after_its_time_without_a_breach_is_seen() -> None:
    kettle = a_kettle()

    write_down(kettle, EventKind.FULFILLED, DUE + MINUTE)

    assert differences(kettle) == ["was closed after its time, and no breach is on its timeline"]


def test_a_step_said_again_before_its_time_is_seen() -> None:
    kettle = a_kettle()
    version = stand_under(kettle, [(Basis.ELAPSED, 0, ["owner"])])
    version.steps.update(repeat_every=3600, repeat_cap=3)
    write_down(
        kettle,
        EventKind.REPLANNED,
        NOON,
        changes={"policy_version_id": [kettle.policy_version_id, version.pk]},
    )
    write_down(kettle, EventKind.STEP_TAKEN, DUE, step=1)

    write_down(kettle, EventKind.STEP_TAKEN, DUE + HOUR, step=1, repetition=1)
    write_down(kettle, EventKind.STEP_TAKEN, DUE + HOUR + MINUTE, step=1, repetition=2)

    assert differences(kettle) == ["took step 1 before its moment"]


def test_a_second_breach_goes_straight_to_the_manager() -> None:
    first = a_commitment(due_at=NOON + HOUR, summary=False, case="1")
    sweep.run(NOON + HOUR)
    services.fulfil(first.pk, by=ana(), how="Sent it", cause="slipped", now=NOON + HOUR + MINUTE)
    second = a_commitment(due_at=DUE, now=NOON + 90 * MINUTE, summary=False, case="2")
    for hours in range(3, 60):
        sweep.run(NOON + hours * HOUR)

    held = fresh(second)
    assert held.breached_again
    assert list(Climb(held, list(held.events.order_by("sequence")), Grounds()).differences()) == []
