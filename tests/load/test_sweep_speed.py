"""What a sweep costs a row, beside what its three writing statements cost alone.

python -m pytest -m load tests/load/test_sweep_speed.py -s
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from commitments import messages, sweep
from commitments.models import Commitment, Event, bulk
from notifications.models import Delivery
from tests.makers import HOUR, NOON, a_commitment

pytestmark = [pytest.mark.django_db, pytest.mark.load]
ROWS = 2000


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_a_sweep_beside_its_statements(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(ROWS):
        a_commitment(due_at=NOON + 3 * HOUR, case=str(number), summary=False)

    whole = seconds(lambda: sweep.run(NOON + 3 * HOUR))
    statements = _statements_alone()
    idle = seconds(lambda: sweep.run(NOON + 3 * HOUR))

    with capsys.disabled():
        print(f"\n{'sweep of ' + str(ROWS):<34}{'seconds':>9}{'µs a row':>10}{'ratio':>8}")
        for name, took in (("events, deliveries, clocks alone", statements), ("sweep", whole)):
            print(f"{name:<34}{took:>9.3f}{took / ROWS * 1e6:>10.0f}{took / statements:>8.2f}")
        print(f"{'idle tick, ms':<34}{idle * 1000:>9.2f}")
    assert Event.objects.filter(kind="breached", sequence__lt=1000).count() == ROWS


def _statements_alone() -> float:
    """The same rows written again under other names, with nothing thought about."""
    events = list(Event.objects.filter(kind__in=["passed_over", "breached", "step_taken"]))
    for event in events:
        event.sequence += 1000
        event.step = None
    commitments = list(Commitment.objects.select_related("customer", "owner", "kind"))
    roster = messages.Roster(commitments, now=NOON)
    said = [
        message
        for commitment in commitments
        for message in messages.staff.to(
            [commitment.owner] if commitment.owner else [],
            commitment,
            messages.staff.Template.OVERDUE,
            roster=roster,
            reason=f"again:{commitment.pk}",
            now=NOON,
        )
    ]

    def write() -> None:
        bulk.write_events(events)
        messages.send(said, now=NOON)
        bulk.write_clocks(commitments)

    took = seconds(write)
    assert Delivery.objects.count() == 4 * ROWS
    return took
