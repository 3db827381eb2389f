"""What the figures of days leave out, what a sweep notes for them, and what is read of an index."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services, sweep
from commitments.models import (
    Commitment,
    Event,
    FigureNote,
    KeptFigure,
    Kind,
    LastingFigure,
)
from commitments.reports import kept, live, rolling
from tests.commitments.ladders import climb_by, rung
from tests.commitments.reports.counting import everything, from_facts, rolled_up
from tests.makers import HOUR, MINUTE, NOON, a_commitment, ana, dev
from tests.makers import fresh as again

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_what_a_team_promised_itself_is_in_no_figure() -> None:
    a_call = a_commitment(kind="callback")
    our_own = a_commitment(kind="followup")
    Kind.objects.filter(code="followup").update(for_customers=False)
    for made in (a_call, our_own):
        services.fulfil(made.pk, by=ana(), how="Done", now=NOON)

    rolling.run(NOON + MINUTE)

    figures = (*KeptFigure.objects.all(), *LastingFigure.objects.all())
    assert [figure.kind_id for figure in figures] == [a_call.kind_id] * 2
    scope = everything(NOON + MINUTE)
    assert kept.kept(scope)[0].on_time == 1
    assert rolled_up(scope) == from_facts(scope)


def test_a_kind_that_turns_out_not_to_be_for_customers_leaves_the_figures() -> None:
    made = a_commitment(kind="followup")
    rolling.run(NOON + MINUTE)
    Kind.objects.filter(code="followup").update(for_customers=False)
    services.fulfil(made.pk, by=ana(), how="Done", now=NOON + MINUTE)

    rolling.run(NOON + 2 * MINUTE)

    assert not KeptFigure.objects.exists()
    assert not LastingFigure.objects.exists()


def test_a_sweep_that_hands_a_promise_on_notes_its_day() -> None:
    kettle = a_commitment(due_at=NOON + 6 * HOUR)
    climb_by(kettle, rung(1, 0, "owner", hands_to="lead"))
    rolling.run(NOON + MINUTE)
    FigureNote.objects.all().delete()  # the one for its due time

    late = NOON + 6 * HOUR + MINUTE
    sweep.run(late)

    assert again(kettle).owner == dev()
    notes = FigureNote.objects.values_list("team_id", "day", "at")
    assert list(notes) == [(kettle.team_id, NOON.date(), late)]
    rolling.run(late + MINUTE)
    by_owner = kept.kept(everything(late + MINUTE), "owner")
    assert [(row.label, row.overdue) for row in by_owner] == [("Dev Shah", 1)]


def test_a_sweep_that_hands_nothing_on_notes_nothing() -> None:
    kettle = a_commitment(due_at=NOON + 6 * HOUR)
    climb_by(kettle, rung(1, 0, "owner"))
    FigureNote.objects.all().delete()

    sweep.run(NOON + 6 * HOUR + MINUTE)

    assert Event.objects.filter(kind="step_taken").exists()
    assert not FigureNote.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_overdue_is_counted_from_the_index_of_what_is_open_alone() -> None:
    kettle = a_commitment(due_at=NOON + HOUR)
    closed = [copy.copy(kettle) for _ in range(3_000)]
    for each in closed:
        each.pk, each.status, each.outcome, each.closed_at = None, "fulfilled", "on_time", NOON
    Commitment.objects.bulk_create(closed)
    scope, later = everything(NOON + 2 * HOUR), NOON + 2 * HOUR
    with connection.cursor() as cursor:
        # With few rows of earlier tests dead, indexes would keep them, and their page be looked at.
        cursor.execute("vacuum (index_cleanup on, analyze) commitments_commitment")

    with CaptureQueriesContext(connection) as asked:
        look = live.Look.at(scope, now=later)

    (counting,) = [each["sql"] for each in asked if "commitment_open" in plan_of(each["sql"])]
    scans = [each for each in nodes(json.loads(plan_of(counting))[0]["Plan"]) if is_ours(each)]
    of_open = [each for each in scans if each.get("Index Name") == "commitment_open"]
    assert look.overdue().overdue == look.customers_not_told == 1
    # Promises, and the customers of those not told.
    assert [each["Node Type"] for each in of_open] == ["Index Only Scan"] * 2
    # Its own page at most: a vacuum leaves out what is being written to the disk just then.
    assert all(each["Heap Fetches"] <= 1 for each in of_open)
    assert {each["Node Type"] for each in scans} <= {"Index Only Scan", "Index Scan"}


def plan_of(sql: str) -> str:
    if not sql.startswith("SELECT"):
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, format json) {sql}")
        (plan,) = cursor.fetchone()
    return plan if isinstance(plan, str) else json.dumps(plan)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:  # Any: as PostgreSQL writes it
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def is_ours(node: dict[str, Any]) -> bool:  # Any: likewise
    return node.get("Relation Name") == "commitments_commitment"
