"""A round that comes at the very instant, or minutes late, leaves nobody out."""

from __future__ import annotations

from datetime import datetime

import pytest

from commitments import sweep
from commitments.models import Commitment
from tests.commitments.ladders import climb_by, mails, rung, steps_of
from tests.makers import HOUR, MINUTE, NOON, a_commitment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DUE = NOON + 3 * HOUR


def a_kettle() -> Commitment:
    return a_commitment(due_at=DUE, summary=False)


def kinds_of(commitment: Commitment) -> list[tuple[str, int | None, datetime]]:
    return [(kind, step, at) for kind, step, _, _, at in steps_of(commitment)]


def test_of_two_reminders_that_stand_together_neither_is_left_out() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, -1), rung(2, -1, "lead"))

    sweep.run(DUE - HOUR)

    assert kinds_of(kettle) == [
        ("step_taken", 1, DUE - HOUR),
        ("step_taken", 2, DUE - HOUR),
    ]
    assert mails() == [("reminder", "ana"), ("reminder", "dev")]


@pytest.mark.parametrize(
    ("late", "first", "heard"),
    [
        (10 * MINUTE, "step_taken", [("reminder", "ana"), ("reminder", "dev")]),
        (11 * MINUTE, "coalesced", [("reminder", "dev")]),
    ],
)
def test_only_a_reminder_that_comes_late_gives_way_to_the_next(
    late: object, first: str, heard: list[tuple[str, str]]
) -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, -1), rung(2, -0.9, "lead"))

    sweep.run(DUE - HOUR + late)

    assert [kind for kind, *_ in kinds_of(kettle)] == [first, "step_taken"]
    assert mails() == heard


def test_a_step_at_the_due_time_writes_to_the_customer_at_that_very_instant() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 0, "customer", words="A part is missing."))

    sweep.run(DUE)

    assert steps_of(kettle) == [("step_taken", 1, 0, "customer", DUE)]
    assert mails() == [("slip_reason", "tom")]
