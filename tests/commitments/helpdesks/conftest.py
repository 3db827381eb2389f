"""Every webhook of these tests comes at noon, and Letterbox is one more system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from commitments.helpdesks import systems
from tests.commitments.helpdesks.desks import Desk, a_desk
from tests.commitments.helpdesks.letters import signed
from tests.makers import NOON


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def with_letterbox() -> Iterator[None]:
    """A system is there as soon as its file is: no list names it."""
    more = str(Path(__file__).parent / "more")
    systems.__path__.append(more)
    systems.known.cache_clear()
    yield
    systems.__path__.remove(more)
    systems.known.cache_clear()


@pytest.fixture
def box(with_letterbox: None, db: None) -> Desk:
    return a_desk("letterbox", signed, address="https://letters.example")
