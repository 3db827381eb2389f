"""The ladder on the promise's page: what it did, why, and what it will do."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services, sweep
from commitments.models import User
from commitments.web import promise_page, timeline
from notifications.models import Endpoint
from tests.commitments.ladders import climb_by, rung
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_team,
    a_user,
    ana,
    dev,
    fresh,
)

pytestmark = pytest.mark.django_db

DUE = NOON + 3 * HOUR


def history(kettle: object) -> list[tuple[str, str]]:
    """Title and note of each line, oldest first, but for the making."""
    lines = timeline.history_of(fresh(kettle)).lines  # type: ignore[arg-type]  # a promise
    return [(line.title, line.note) for line in reversed(lines)][1:]


def test_a_hand_over_and_what_is_said_again() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    climb_by(kettle, rung(1, 0, "owner", hands_to="lead", repeat_every=3600, repeat_cap=2))

    for hours in range(3):
        sweep.run(DUE + hours * HOUR)

    assert history(kettle) == [
        ("Promised time passed", ""),
        ("The owner is reminded", ""),
        ("Handed from Ana Moreno to Dev Shah", "By a step of its policy."),
        ("The owner is reminded", "Said again, one time by now."),
        ("The owner is reminded", "Said again, two times by now."),
    ]


def test_a_second_breach_says_why_steps_are_left_out() -> None:
    a_commitment(due_at=NOON + MINUTE, case="first", summary=False)
    sweep.run(NOON + MINUTE)
    kettle = a_commitment(due_at=DUE, case="second", summary=False)
    climb_by(kettle, rung(1, 0), rung(2, 1, "lead", f"person:{dev().pk}"), rung(3, 2, "manager"))

    sweep.run(DUE)

    why = "Tom was let down not long before, so a manager is asked at once."
    assert history(kettle) == [
        ("Promised time passed", "The second time for Tom within 90 days."),
        ("The step for the owner was left out", why),
        ("The step for the team lead and Dev Shah was left out", why),
        ("The manager is asked to help", ""),
    ]


def test_where_nobody_is_left_the_history_asks_for_a_lead() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    climb_by(kettle, rung(1, 0))
    User.objects.update(is_active=False)

    sweep.run(DUE)

    assert history(kettle)[1:] == [
        ("A step came, and nobody was to hear of it", ""),
        ("Message not sent to a colleague", "Nobody is left to ask. Give the team a lead."),
    ]


def test_a_note_that_came_too_late_says_who_was_asked_instead() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    climb_by(kettle, rung(1, 0, "customer"))

    sweep.run(DUE + 5 * HOUR)

    assert history(kettle)[-1] == (
        "Automatic note not sent to Tom",
        "Its time had long passed, so a colleague is asked to call Tom instead.",
    )


def test_what_happens_if_it_stays_open_counts_repetitions_and_names_who_takes_over() -> None:
    kettle = a_commitment(due_at=DUE, summary=False)
    climb_by(
        kettle,
        rung(1, 0, repeat_every=1800, repeat_cap=3),
        rung(2, 4, "role:manager", "customer", hands_to="lead"),
    )

    before = promise_page.ahead_of(fresh(kettle), now=NOON)
    sweep.run(DUE)
    after = promise_page.ahead_of(fresh(kettle), now=DUE)

    last = "Ines Duarte is asked to help, and Tom gets an automatic note; it is handed to Dev Shah"
    assert [(step.at, step.sentence) for step in before] == [
        (DUE, "Ana Moreno is reminded; said again every 30 minutes, at most 3 times"),
        (DUE + 4 * HOUR, last),
    ]
    assert [(step.at, step.sentence) for step in after] == [
        (DUE + 30 * MINUTE, "Ana Moreno is reminded, once more"),
        (DUE + 4 * HOUR, last),
    ]


def test_what_lies_ahead_waits_for_who_has_it() -> None:
    a_team()
    kettle = a_commitment(due_at=DUE, summary=False)
    climb_by(kettle, rung(1, 0), rung(2, 0.5, f"person:{a_user('Ines Duarte').pk}"))
    sweep.run(DUE)

    services.acknowledge(kettle.pk, by=ana(), now=DUE)

    ahead = promise_page.ahead_of(fresh(kettle), now=DUE)
    assert [(step.at, step.sentence) for step in ahead] == [
        (DUE + 2 * HOUR, "Ines Duarte is asked to help")
    ]
    assert promise_page.ahead_of(fresh(kettle), now=DUE + DAY)[0].at is None


def test_programs_ahead_are_named_with_one_query_for_all_steps() -> None:
    display = Endpoint.objects.create(
        name="Wall display", url="https://wall.example/", secret="sealed", made_at=NOON
    )
    kettle = a_commitment(due_at=DUE, summary=False)
    climb_by(kettle, *(rung(number, number, f"webhook:{display.pk}") for number in range(1, 6)))

    with CaptureQueriesContext(connection) as queries:
        ahead = promise_page.ahead_of(fresh(kettle), now=NOON)

    assert [step.sentence for step in ahead] == ["Wall display is told"] * 5
    assert sum("notifications_endpoint" in query["sql"] for query in queries) == 1
