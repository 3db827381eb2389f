"""The parts of an audit: each says how it went, and what of it was left out and why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from tests import services
from tests.audit import dependencies

ROOT = Path(__file__).parents[2]
ROOMS = ("commitments", "config", "notifications")
ON_SQLITE = {"FOLLOWTHROUGH_TEST_DB": "sqlite"}


@dataclass(kw_only=True)
class Outcome:
    """`kept` is None where nothing could be tried. `said`: what is worth reading of it. `skipped`:
    what was not tried, with the reason.
    """

    kept: bool | None
    said: str = ""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    took: float = 0.0


def code() -> Outcome:
    """bandit finds nothing of medium severity or above that is not excused where it stands."""
    # Migrations are run once, on what stands in them, and never edited.
    done = _run([_tool("bandit"), "-r", "-ll", "-q", "-x", "*/migrations/*", *ROOMS])
    return Outcome(kept=done.returncode == 0, said=done.stdout)


def licences() -> Outcome:
    """Whatever is installed with us may be used as we use it."""
    found = dependencies.all_of_them()
    lines = [f"{each.name:32}{each.version:14}{each.licence or each.only_if}" for each in found]
    wrong = [f"NOT KEPT: {each.name}: {each.licence}" for each in found if not each.may_be_used]
    return Outcome(kept=not wrong, said="\n".join([*lines, *wrong]))


def weaknesses() -> Outcome:
    """Whether any is known in what is installed with us: asked, and the answer proven."""
    try:
        found = dependencies.known_weaknesses(dependencies.all_of_them())
    except dependencies.NoAnswer as no:
        return Outcome(kept=None, skipped=[("known weaknesses of dependencies", str(no))])
    return Outcome(kept=not found, said="\n".join(found) or "None is known.")


def words() -> Outcome:
    """Tests that look at all there is."""
    return _tests("audit", "tests", "-m", "audit")


def faults() -> Outcome:
    """Faults that take long, or need root."""
    return _tests("faults", "tests", "-m", "long_fault")


def fuzz() -> Outcome:
    """What nobody thought of, asked of every call of the API, for FUZZ_MINUTES on each database."""
    asked = ("fuzz", "tests/fuzz", "-m", "fuzz")
    on_sqlite, on_postgresql = _tests(*asked, **ON_SQLITE), _tests(*asked)
    return Outcome(
        kept=bool(on_sqlite.kept and on_postgresql.kept),
        said=on_sqlite.said + on_postgresql.said,
        skipped=[*on_sqlite.skipped, *on_postgresql.skipped],
    )


def load() -> Outcome:
    """What people wait for, held to its bounds."""
    return _tests("load", "tests", "-m", "load")


def restore() -> Outcome:
    """A hundred thousand promises, put back from a backup within a minute, on each database."""
    try:
        services.programs_beside_us()
    except services.NoServer as no:
        return Outcome(kept=None, skipped=[("a restore of many promises", str(no))])
    bench = [sys.executable, "-m", "tests.load.bench", "--size", "medium", "--only", "restore"]
    done = [_run([*bench, *on]) for on in ((), ("--on-sqlite",))]
    return Outcome(
        kept=not any(each.returncode for each in done),
        said="".join(each.stdout + each.stderr for each in done),
    )


def soak() -> Outcome:
    """Mixed use for SOAK_MINUTES."""
    done = _run([sys.executable, "-m", "tests.load.soak"])
    return Outcome(kept=done.returncode == 0, said=done.stdout + done.stderr)


STEPS: dict[str, Callable[[], Outcome]] = {
    each.__name__: each
    for each in (code, licences, weaknesses, words, faults, fuzz, load, restore, soak)
}


def timed(step: Callable[[], Outcome]) -> Outcome:
    began = time.monotonic()
    outcome = step()
    outcome.took = time.monotonic() - began
    return outcome


def _tests(name: str, *which: str, **more: str) -> Outcome:
    """Run them; what pytest skipped, beside what this run did not ask for, is taken from it."""
    with tempfile.TemporaryDirectory(prefix="followthrough-audit-") as folder:
        report = Path(folder) / f"{name}.xml"
        usual = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly"]
        usual += ["--show-capture=no"]  # what it asserts would drown in the log
        done = _run([*usual, *which, f"--junitxml={report}"], more)
        skipped = list(skipped_in(report.read_text("utf-8"))) if report.exists() else []
    return Outcome(
        kept=done.returncode == 0,
        said="" if done.returncode == 0 else done.stdout[-6000:] + done.stderr[-2000:],
        skipped=skipped,
    )


def skipped_in(report: str) -> Iterator[tuple[str, str]]:
    """Each test that pytest's own report in XML says was skipped, and why."""
    for case in ET.fromstring(report).iter("testcase"):
        for left_out in case.iter("skipped"):
            where = str(case.get("classname", "")).replace(".", "/")
            yield f"{where}.py::{case.get('name')}", left_out.get("message") or ""


def _run(
    command: list[str], more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(more or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def _tool(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else str(shutil.which(name) or name)
