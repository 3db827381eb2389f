"""What is due is done: reminders, the breach, the climb."""

from __future__ import annotations

import pytest

from commitments import services, sweep
from notifications.models import Delivery
from tests.makers import DAY, HOUR, NOON, a_commitment, ana, events_of, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def sent() -> list[tuple[str, str]]:
    """Who is to hear what: template and person, in the order of the outbox."""
    rows = Delivery.objects.filter(channel="email").order_by("pk")
    return [(row.template, row.address) for row in rows]


def test_a_kept_promise_is_never_reminded() -> None:
    kettle = a_commitment(due_at=NOON + 6 * HOUR)

    services.fulfil(kettle.pk, by=ana(), how="Sent it", now=NOON)
    sweep.run(NOON + 9 * HOUR)

    assert events_of(kettle) == ["made", "fulfilled", "check_in_planned"]


def test_a_promise_climbs_its_ladder() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    for hours in range(12 * 24):
        sweep.run(NOON + hours * HOUR)

    assert events_of(kettle) == ["made", "step_taken", "breached", *["step_taken"] * 3]
    assert sent() == [
        ("reminder", "ana@larkfield.example"),
        ("overdue", "ana@larkfield.example"),
        ("escalation", "dev@larkfield.example"),
        ("escalation", "ines@larkfield.example"),
        ("slip_note", "tom@customers.example"),
    ]
    assert fresh(kettle).next_action_at is None
    assert fresh(kettle).breached_at == NOON + 3 * HOUR


def test_after_an_outage_the_climb_takes_one_step_at_a_time() -> None:
    kettle = a_commitment(due_at=NOON + 3 * HOUR, summary=False)

    sweep.run(NOON + 9 * DAY)

    assert events_of(kettle) == ["made", "passed_over", "breached", "step_taken"]
    assert fresh(kettle).next_action_at == NOON + 9 * DAY + HOUR
