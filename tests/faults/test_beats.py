"""Several beats, and beats that are killed: a beat says “look”, and looking twice is harmless.

F18 to F20; what a long time without a beat comes to stands in `test_downtime`.
"""

from __future__ import annotations

import time

import pytest

from commitments.models import Event
from tests.faults.makers import (
    addresses,
    arrived,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.stand import Stand, until

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]


def test_f18_three_beats_double_nothing(stand: Stand):
    """F18: two, then three beats, and two workers."""
    promises(20)
    stand.sink.pause = 0.02
    for _ in range(2):
        stand.beat(tick=0.3)
        stand.worker()
    stand.beat(tick=0.3)

    until(lambda: len(stand.sink.accepted) == 20)
    promises(20, start=20)
    until(lambda: len(stand.sink.accepted) == 40)
    until(nothing_is_due)
    time.sleep(1)

    assert Event.objects.filter(kind="step_taken").count() == 40
    assert (states(), arrived(stand.sink)) == ({"sent": 40}, addresses(range(40)))


def test_f20_a_beat_killed_after_firing_fires_nothing_twice(stand: Stand):
    """F20: killed again and again between firing and remembering."""
    stand.worker()
    beat = stand.beat(tick=0.5)

    for place in range(4):
        promises(5, start=5 * place)
        wanted = 5 * (place + 1)
        until(lambda: len(stand.sink.accepted) == wanted)  # noqa: B023 - asked at once
        beat.kill()
        beat.start()
    until(nothing_is_due)

    assert Event.objects.filter(kind="step_taken").count() == 20
    assert (states(), arrived(stand.sink)) == ({"sent": 20}, addresses(range(20)))
