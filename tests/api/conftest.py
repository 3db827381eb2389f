"""Every call of these tests comes at noon: the clock is read at the door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.makers import NOON


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock
