from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.load import laying_down


@dataclass(frozen=True, kw_only=True)
class House:
    """`facts` are what stands in addresses: a kind, a team, an owner."""

    facts: dict[str, int]
    took: float  # seconds to lay it down


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    """A million promises."""
    laying_down.forget()
    began = time.perf_counter()
    facts = laying_down.a_million()
    yield House(facts=facts, took=time.perf_counter() - began)
    laying_down.forget()
