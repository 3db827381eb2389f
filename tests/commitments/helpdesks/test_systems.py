"""Each system is one file that can be deleted: the list is what is there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from commitments.helpdesks import systems
from commitments.helpdesks.adapter import System

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(systems.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder of systems in which files can be deleted."""
    copy = tmp_path / "systems"
    shutil.copytree(FOLDER, copy)
    before = list(systems.__path__)
    systems.__path__[:] = [str(copy)]
    systems.known.cache_clear()
    yield copy
    systems.__path__[:] = before
    systems.known.cache_clear()


def test_every_file_is_a_system() -> None:
    systems.known.cache_clear()

    assert list(systems.known()) == FILES
    assert all(isinstance(each, System) for each in systems.known().values())


@pytest.mark.parametrize("name", FILES)
def test_without_its_file_a_system_is_gone_and_the_others_are_not(
    name: str, elsewhere: Path
) -> None:
    (elsewhere / f"{name}.py").unlink()

    assert list(systems.known()) == [each for each in FILES if each != name]


@pytest.mark.parametrize("name", FILES)
def test_nothing_in_the_house_names_a_system_but_its_own_file(name: str) -> None:
    word = re.compile(rf"\b{name}\b", re.IGNORECASE)
    own = {FOLDER / f"{name}.py", ROOT / "tests" / "commitments" / "helpdesks" / f"test_{name}.py"}

    named = [
        str(path.relative_to(ROOT))
        for room in ("commitments", "config", "notifications", "templates", "tests")
        for kind in ("*.py", "*.html")
        for path in (ROOT / room).rglob(kind)
        if path not in own and word.search(path.read_text(encoding="utf-8"))
    ]

    assert named == []


@pytest.mark.parametrize("name", FILES)
def test_a_system_says_what_an_administrator_does_there(name: str) -> None:
    system = systems.known()[name]

    assert 2 <= len(system.steps) <= 5
    assert "promise:" in system.steps[-1]
    assert system.address_like.startswith("https://")
