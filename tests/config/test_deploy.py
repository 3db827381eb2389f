"""The examples below deploy/ run the very commands that the tests run, and hold to what they say.

What judges them (systemd, nginx) is asked where it is installed; elsewhere that is said.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.commands import COMMANDS
from tests.config import nginx
from tests.faults.rounds import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
STARTED = {
    name: " ".join(("python", *command) if name == "prepare" else command)
    for name, command in COMMANDS.items()
}


def test_the_procfile_starts_what_the_tests_start():
    lines = dict(line.split(": ", 1) for line in (DEPLOY / "Procfile").read_text().splitlines())

    assert lines == {("release" if name == "prepare" else name): STARTED[name] for name in STARTED}


def test_the_units_start_what_the_tests_start():
    started = {
        unit.stem.removeprefix("followthrough-"): re.findall(
            r"^ExecStart=/srv/followthrough/\.venv/bin/(.+)$", unit.read_text(), re.MULTILINE
        )
        for unit in UNITS
    }

    assert started == {name: [STARTED[name]] for name in ("beat", "web", "worker")}


def test_the_containers_start_what_the_tests_start_and_keep_what_customers_sent():
    """The web server is what the image starts; every one of ours has the folder of files."""
    compose = (DEPLOY / "compose.yaml").read_text()
    (image,) = re.findall(r"^CMD \[(.+)\]$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    ours = re.findall(r"^  (\w+):\n    <<: \*app\n(?:    command: (.+)\n)?", compose, re.MULTILINE)

    assert image.replace('"', "").replace(",", "") == STARTED["web"]
    assert {name: command or STARTED["web"] for name, command in ours} == STARTED
    assert "    - var:/srv/followthrough/var " in compose.split("services:")[0]


def test_a_worker_has_longer_to_end_than_a_message_may_take():
    unit = (DEPLOY / "systemd" / "followthrough-worker.service").read_text()

    assert "TimeoutStopSec=35" in unit
    assert "stop_grace_period: 35s" in (DEPLOY / "compose.yaml").read_text()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_nothing_wrong_with_a_unit_and_little_exposed(unit: Path, tmp_path: Path):
    program = nginx.program("systemd-analyze")
    here = tmp_path / unit.name
    here.write_text(unit.read_text().replace("/srv/followthrough", str(ROOT)))

    verified = _run(program, "verify", "--man=no", str(here))
    judged = _run(program, "security", "--offline=true", "--threshold=49", str(here))

    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    assert judged.returncode == 0, judged.stdout


def test_nginx_understands_the_example(tmp_path: Path):
    judged = _run(*nginx.command(tmp_path), "-t", "-q")

    assert (judged.returncode, judged.stderr) == (0, "")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
