"""What is usual, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from commitments.rules import usual_value
from commitments.rules.usual_value import Usual


def values(*given: int) -> list[Decimal]:
    return [Decimal(each) for each in given]


def test_of_twenty_values_the_second_the_tenth_and_the_eighteenth_count():
    found = usual_value.of(values(*range(20, 0, -1)))

    assert found == Usual(low=Decimal(2), median=Decimal(10), high=Decimal(18), count=20)


def test_of_nineteen_nothing_is_usual():
    assert usual_value.of(values(*range(19))) is None


def test_where_all_are_alike_only_that_is_usual():
    found = usual_value.of(values(*[25] * 30))

    assert found is not None
    assert found.holds(Decimal("25.00"))
    assert not found.holds(Decimal("25.01"))


@pytest.mark.parametrize(
    ("value", "held"), [("1.99", False), ("2", True), ("18", True), ("18.01", False)]
)
def test_both_ends_are_usual(value: str, held: bool):
    found = usual_value.of(values(*range(1, 21)))

    assert found is not None
    assert found.holds(Decimal(value)) is held


@pytest.mark.parametrize(
    ("count", "ranks"), [(20, (2, 10, 18)), (21, (3, 11, 19)), (29, (3, 15, 27)), (30, (3, 15, 27))]
)
def test_the_nearest_rank_is_rounded_up(count: int, ranks: tuple[int, ...]):
    assert tuple(usual_value.rank(count, tenths) for tenths in (1, 5, 9)) == ranks
