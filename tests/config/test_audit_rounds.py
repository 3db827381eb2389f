"""The auditor's job: what changed is looked at, once; what is broken is kept until it is mended."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services, sweep
from commitments.models import Commitment, Event, Schedule
from config.audit import histories, rounds
from config.audit.whole import first_event_since
from notifications import delivery
from notifications.models import AuditFinding, Delivery, JobRound, Mark
from tests.makers import DAY, HOUR, MINUTE, NOON, a_commitment, ana, dev, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _no_housekeeping() -> None:
    a_commitment(summary=False, case="other", due_at=NOON + 40 * DAY)
    Schedule.objects.update(next_at=None)


def found() -> list[tuple[str, str]]:
    return list(AuditFinding.objects.order_by("number").values_list("number", "about"))


def a_stolen_kettle() -> Commitment:
    """Its owner is another than its events say."""
    kettle = a_commitment(summary=False, due_at=NOON + 30 * DAY)
    Commitment.objects.filter(pk=kettle.pk).update(owner=dev())
    return kettle


def test_nothing_is_found_in_what_is_whole(caplog: pytest.LogCaptureFixture) -> None:
    done = rounds.run(NOON + HOUR)

    assert done == rounds.Done(broken=0, left=False)
    assert (found(), caplog.records) == ([], [])


def test_what_changed_and_is_broken_is_kept_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kettle = a_stolen_kettle()

    with caplog.at_level(logging.ERROR):
        assert rounds.run(NOON + HOUR).broken == 1
        assert rounds.run(NOON + 2 * HOUR).broken == 1

    assert found() == [("I12", f"commitment {kettle.pk}")]
    said = f"I12 commitment {kettle.pk}: has owner_id {dev().pk}, and its events say {ana().pk}."
    assert [record.getMessage() for record in caplog.records] == [said]


def test_a_promise_that_goes_on_while_it_is_read_is_not_broken() -> None:
    kettle = a_commitment(summary=False, due_at=NOON + 30 * DAY)
    times = iter((True,))

    def goes_on(execute: Any, sql: str, *rest: Any) -> Any:  # Any: as Django declares it
        if sql.startswith('SELECT "commitments_event"') and next(times, False):
            services.update(kettle.pk, by=ana(), words="Packed", tell_customer=False, now=NOON)
        return execute(sql, *rest)

    with connection.execute_wrapper(goes_on):
        broken = list(histories.differing([kettle.pk]))

    assert broken == []
    assert next(times, None) is None
    assert fresh(kettle).event_count == 2


def test_what_is_mended_is_forgotten() -> None:
    kettle = a_stolen_kettle()
    rounds.run(NOON + HOUR)

    Commitment.objects.filter(pk=kettle.pk).update(owner=ana())

    assert rounds.run(NOON + 2 * HOUR).broken == 0
    assert found() == []


def test_what_has_just_happened_is_left_to_the_next_round() -> None:
    a_stolen_kettle()

    assert rounds.run(NOON + 2 * MINUTE).broken == 0
    assert rounds.run(NOON + 3 * MINUTE).broken == 1


def test_a_history_is_read_once_and_again_when_something_happens() -> None:
    rounds.run(NOON + HOUR)
    kettle = fresh(Commitment.objects.first())
    Commitment.objects.filter(pk=kettle.pk).update(owner=dev())

    assert rounds.run(NOON + HOUR).broken == 0
    Commitment.objects.filter(pk=kettle.pk).update(next_action="step", next_action_at=NOON)
    Mark.objects.filter(name=rounds.EVENTS).update(upto=0)  # as if something had happened
    assert "I12" in dict(rounds_found(NOON + HOUR))


def rounds_found(now: object) -> list[tuple[str, str]]:
    rounds.run(now)  # type: ignore[arg-type]  # an instant
    return found()


def test_a_broken_delivery_is_found_when_it_has_been_tried() -> None:
    a_commitment(case="told")
    delivery.run(NOON + MINUTE)
    Delivery.objects.update(token=0, state="failed", attended_at=NOON)

    assert rounds.run(NOON + 3 * MINUTE).broken == 0
    assert [number for number, _ in rounds_found(NOON + 5 * MINUTE)] == ["I6"]


def test_late_clocks_and_untold_troubles_are_asked_every_time() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR)
    Delivery.objects.update(state="failed", attempt_at=None, settled_at=NOON)
    rounds.run(NOON + 5 * MINUTE)

    rounds.run(NOON + HOUR + 4 * MINUTE)
    assert [number for number, _ in found()] == ["I1", "I11"]
    sweep.run(NOON + HOUR + 4 * MINUTE)
    Delivery.objects.update(attended_at=NOON)
    rounds.run(NOON + HOUR + 4 * MINUTE)

    assert (found(), kettle.pk > 0) == ([], True)


def test_a_round_costs_the_same_however_much_is_stored() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            rounds.run(NOON + HOUR)
        return len(asked)

    a_commitment(case="1", due_at=NOON + 30 * DAY, summary=False)
    rounds.run(NOON + HOUR)
    few = cost()
    for case in range(12):
        a_commitment(case=f"more {case}", due_at=NOON + 30 * DAY, summary=False)
    rounds.run(NOON + HOUR)

    assert cost() == few <= 20


def test_a_round_asks_no_more_for_many_that_changed_than_for_few() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            rounds.run(NOON + HOUR)
        return len(asked)

    costs = []
    for count in (2, 20):
        for case in range(count):
            a_commitment(case=f"{count} {case}", due_at=NOON + 30 * DAY, summary=False)
        costs.append(cost())

    assert costs[0] >= costs[1]


def test_the_first_event_since_an_instant_is_found_by_halving() -> None:
    for minutes in (1, 2, 3, 5, 8):
        a_commitment(case=str(minutes), now=NOON + minutes * MINUTE, due_at=NOON + 30 * DAY)
    events = Event.objects.order_by("pk")

    assert first_event_since(NOON - DAY) <= events[0].pk
    third = events.filter(recorded_at__gte=NOON + 3 * MINUTE).first()
    assert third is not None
    assert events.filter(pk__gte=first_event_since(NOON + 3 * MINUTE)).first() == third
    assert first_event_since(NOON + DAY) == events.last().pk + 1


def test_the_job_says_that_it_came_round() -> None:
    current_app.loader.import_default_modules()

    current_app.tasks["audit"].apply(throw=True)

    assert JobRound.objects.get(name="audit").left_due == 0
