"""The house plan, checked: who calls whom, and what is never written."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("commitments", "config", "notifications")
UNSAFE = re.compile(r"\|\s*safe\b|\bmark_safe\b|autoescape off|\bsafeseq\b")
SIGNALS = re.compile(
    r"django\.dispatch|django\.db\.models\.signals|django\.db\.models import signals"
)
APPENDS = re.compile(r"models\.event import .*\bappend\b|\bevents?\.append\(commitment")
LONGEST_FILE = 400


def test_nobody_calls_back_up_the_house():
    lint = Path(sys.executable).with_name("lint-imports")

    told = subprocess.run(
        [str(lint), "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stdout


def test_nothing_is_imported_inside_a_function():
    assert list(imports_inside_functions()) == []


def test_nothing_listens_to_a_signal():
    assert places_matching(SIGNALS, "*.py") == []


def test_events_are_appended_where_programs_are_told_of_them():
    [only] = places_matching(APPENDS, "*.py")

    assert only.startswith("commitments/messages/timeline.py:")


def test_nothing_is_declared_safe_from_escaping():
    assert places_matching(UNSAFE, "*.py") + places_matching(UNSAFE, "*.html") == []


def test_no_file_is_too_long_to_be_read_at_one_sitting():
    long = [str(path) for path in files("*.py") if len(lines(path)) > LONGEST_FILE]

    assert long == []


def files(pattern: str) -> Iterator[Path]:
    """Our own files; tests are held to the length, their text is not judged."""
    for room in (*ROOMS, "templates", "tests"):
        for path in sorted((ROOT / room).rglob(pattern)):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


def lines(path: Path) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def places_matching(words: re.Pattern[str], pattern: str) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()}"
        for path in files(pattern)
        if path.parts[0] != "tests"
        for number, line in enumerate(lines(path), 1)
        if words.search(line)
    ]


def imports_inside_functions() -> Iterator[str]:
    for path in files("*.py"):
        for function in ast.walk(ast.parse("\n".join(lines(path)))):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for statement in ast.walk(function):
                if isinstance(statement, ast.Import | ast.ImportFrom):
                    yield f"{path}:{statement.lineno}"
