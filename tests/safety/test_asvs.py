"""docs/security.md answers each requirement of ASVS 5.0, levels 1 and 2, by a test or a reason."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.test_architecture import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
LINES = re.findall(r"^\| ([\d., ]+) \| (.+?) \| (.+) \|$", PAGE, re.MULTILINE)
ANSWERED = [number for numbers, _, _ in LINES for number in numbers.split(", ")]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FILE = re.compile(r"`((?:commitments|config|notifications|deploy|docs)/[\w./]+)`|\]\(([\w./]+\.md)")
REASONS = ("Not here: ", "Written: ", "The operator's: ")

# How many each section has: those of level 3 stand at its end.
SECTIONS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
}
REQUIRED = [
    f"{section}.{number}" for section, many in SECTIONS.items() for number in range(1, many + 1)
]


@cache
def found_in(path: str) -> frozenset[str]:
    """Read off the file, which is not imported for it."""
    there: Path = ROOT / path
    if not there.exists():
        return frozenset()
    parts = ast.walk(ast.parse(there.read_text("utf-8")))
    return frozenset(each.name for each in parts if isinstance(each, ast.FunctionDef))


def test_each_requirement_has_one_line() -> None:
    assert Counter(ANSWERED) == Counter(REQUIRED)


@pytest.mark.parametrize(("numbers", "said", "shown"), LINES, ids=[line[0] for line in LINES])
def test_a_line_names_tests_that_there_are_or_a_reason(numbers: str, said: str, shown: str) -> None:
    named = TEST.findall(shown)

    assert named or shown.startswith(REASONS)
    assert [f"{path}::{name}" for path, name in named if name not in found_in(path)] == []
    for here, linked in FILE.findall(shown):
        place = ROOT / here if here else ROOT / "docs" / linked
        assert place.exists(), place
    assert len(said) > 3
