"""Pages are looked at on Thursday 21 May 2026, 12:00 UTC, unless a test travels on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from commitments.models import Commitment
from tests import makers
from tests.makers import HOUR, NOON
from tests.web import pages


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(makers.NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client() -> Client:
    """Ana's, an agent of Billing care. Whoever has not signed in has a `Client()`."""
    makers.a_team()
    return pages.signed_in(makers.ana())


@pytest.fixture
def ines() -> Client:
    """That of Ines, its manager."""
    makers.a_team()
    return pages.signed_in(makers.ines())


@pytest.fixture
def kettle() -> Commitment:
    """Promised an hour ago, due in four."""
    makers.a_team()
    return makers.a_commitment(due_at=NOON + 4 * HOUR, now=NOON - HOUR)
