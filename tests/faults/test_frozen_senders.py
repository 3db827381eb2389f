"""A sender that sleeps through the end of its lease, wakes, and finds its token gone. F9."""

from __future__ import annotations

import signal
import time

import pytest

from notifications.models import Attempt
from tests.faults.makers import addresses, arrived, promises, states
from tests.faults.stand import Stand, until
from tests.smtp import Drip

pytestmark = [pytest.mark.postgresql, pytest.mark.faults]
SLOW = Drip(0.08)  # long enough to be frozen in the middle of it
PATIENT = {"NOTIFICATIONS_LENGTHS": {"conversation": {"seconds": 60}}}
LEASE = 3.2  # seconds, and a little


def test_f09_frozen_before_the_marker_it_is_fenced_and_nothing_is_doubled(stand: Stand):
    """F9: others have sent it all; at the marker the token is no longer its own."""
    promises(5)
    stand.do("sweep")
    stand.sink.script["DATA"] = [SLOW]
    frozen = stand.round("delivery", **PATIENT)
    until(lambda: stand.sink.seen["DATA"] == 1)

    frozen.kill(signal.SIGSTOP)
    time.sleep(LEASE)
    stand.do("delivery")
    assert states() == {"sent": 5}
    frozen.kill(signal.SIGCONT)
    assert frozen.wait() == 0

    assert states() == {"sent": 5}
    assert arrived(stand.sink) == addresses(range(5))


def test_f09_frozen_after_the_marker_its_late_answer_still_settles_it(stand: Stand):
    """F9, in the window: first uncertain, then sent, and never sent again."""
    promises(5)
    stand.do("sweep")
    stand.sink.script["DOT"] = [SLOW]
    frozen = stand.round("delivery", **PATIENT)
    until(lambda: stand.sink.seen["DOT"] == 1)

    frozen.kill(signal.SIGSTOP)
    time.sleep(LEASE)
    stand.do("delivery")
    assert states(audience="customer") == {"sent": 4, "uncertain": 1}
    frozen.kill(signal.SIGCONT)
    assert frozen.wait() == 0

    assert states(audience="customer") == {"sent": 5}
    came = arrived(stand.sink)
    assert {to: came[to] for to in addresses(range(5))} == addresses(range(5))
    assert Attempt.objects.filter(ending="accepted", delivery__audience="customer").count() == 5
