"""References are short, unlike each other, and lead back to their promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.rules import reference


@given(st.integers(min_value=0, max_value=2**60 - 1))
def test_a_reference_leads_back(pk: int) -> None:
    assert reference.read(reference.write(pk)) == pk


@pytest.mark.parametrize(
    ("pk", "told"),
    [
        *((0, "00000"), (1, "3SE8F"), (4711, "YGYDQ"), (2**25 - 1, "50G0S")),
        *((2**25, "G2K8H9"), (2**31, "XQKFYYD"), (2**60 - 1, "ZJGXAK075XP8")),
    ],
)
def test_a_reference_that_was_told_once_stays(pk: int, told: str) -> None:
    assert reference.write(pk) == told


@given(st.integers(min_value=0, max_value=2**25 - 2))
def test_neighbours_look_unlike(pk: int) -> None:
    here, there = reference.write(pk), reference.write(pk + 1)

    assert sum(a != b for a, b in zip(here, there, strict=True)) >= 1
    assert len(here) == 5


def test_what_is_misheard_or_typed_small_is_understood() -> None:
    written = reference.write(4711)

    typed = written.lower().replace("0", "o").replace("1", "l")

    assert reference.read(f" {typed} ") == 4711


@pytest.mark.parametrize("text", ["", "K7", "K7Q2!", "U" * 5, "0" * 40, "ÄÄÄÄÄ", "\x00" * 5])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert reference.read(text) is None
