"""Killed while it writes: a verb in the web server, a round of the sweep. F3 and F4."""

from __future__ import annotations

import signal
import time

import pytest

from commitments.models import Event
from notifications.models import Delivery
from tests.faults.makers import (
    OWNER,
    addresses,
    arrived,
    nothing_breaks_a_rule,
    promises,
    states,
)
from tests.faults.stand import Stand

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
KILLED = 137


def kinds(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


def test_f04_a_sweep_killed_before_its_commit_has_done_nothing(stand: Stand):
    """F4: I2, I7 and I9 hold: nothing half done, and the next round does every row once."""
    promises(30)

    assert stand.round("sweep", CRASH_AT="T1.pre").wait() == KILLED
    assert (kinds("breached"), Delivery.objects.count()) == (0, 0)
    stand.do()

    assert (kinds("breached"), kinds("step_taken"), states()) == (30, 30, {"sent": 30})
    assert arrived(stand.sink) == addresses(range(30))
    nothing_breaks_a_rule()


def test_f04_a_sweep_killed_after_its_commit_has_done_everything(stand: Stand):
    """F4, after the commit and before the wake-up."""
    promises(30)

    assert stand.round("sweep", CRASH_AT="wake").wait() == KILLED
    assert (kinds("breached"), states()) == (30, {"queued": 30})
    stand.do()

    assert (kinds("breached"), kinds("step_taken"), states()) == (30, 30, {"sent": 30})
    assert arrived(stand.sink) == addresses(range(30))
    nothing_breaks_a_rule()


def test_f04_a_sweep_killed_in_the_middle_of_200_rows_fires_all_once(stand: Stand):
    """F4: kill -9, again and again, wherever it happens to be."""
    promises(200, ladder=OWNER)

    for kill in range(6):
        sweep = stand.round("sweep")
        time.sleep(0.02 * kill)
        sweep.kill()
        assert sweep.wait() in (0, -signal.SIGKILL)
    stand.do("sweep")

    assert (kinds("breached"), kinds("step_taken")) == (200, 200)
    assert Delivery.objects.filter(channel="email").count() == 200
    assert Delivery.objects.filter(channel="inbox").count() == 200
