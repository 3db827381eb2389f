"""Rounds of work in processes of their own, forked from one in which everything is loaded already.

    python -m tests.faults.rounds

reads a JSON object a line: to start a round, or to ask how one ended. To load Django takes longer
than most of these tests; a fork of it is as much of a process, and as easily killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

ROOT = Path(__file__).resolve().parents[2]
JOBS = {
    "once": "config.walk.once",
    "sweep": "commitments.sweep.run",
    "delivery": "notifications.delivery.run",
    "schedules": "commitments.schedules.run",
    "check_ins": "commitments.checkins.run",
    "figures": "tests.faults.dying.figures",
    "imports": "tests.faults.dying.imports",
    "retention": "tests.faults.dying.forgetting",
}
STILL = "still running"


@dataclass(frozen=True)
class Round:
    """A process that does one round of a job."""

    pid: int
    forks: Forks

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def wait(self, *, within: float = 60) -> int:
        """How it ended: 0, its exit code, or minus the signal that killed it."""
        give_up = time.monotonic() + within
        while (ended := self.forks.ask({"ended": self.pid})) == STILL:
            if time.monotonic() > give_up:
                raise TimeoutError(f"round {self.pid} has not ended within {within} s")
            time.sleep(0.02)
        return int(ended)


class Forks:
    """The process that forks, seen from the tests."""

    def __init__(self, *, log: Path) -> None:
        self._log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.rounds"],
                env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.faults.settings"},
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )

    def start(
        self, job: str, *, database: Mapping[str, Any], at: datetime | None = None, **settings_: Any
    ) -> Round:
        """Start a round of that job; `at` the present, unless given."""
        instant = at.isoformat() if at else None
        asked = {"job": job, "at": instant, "database": dict(database), "settings": settings_}
        return Round(int(self.ask(asked)), self)

    def ask(self, what: Mapping[str, object]) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(what, default=_plain)}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    @property
    def said(self) -> str:
        """All that any of them has logged so far."""
        return self._log.read_text(errors="replace")

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def _plain(value: object) -> object:
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    return str(value)


def _lengths(given: Mapping[str, Any]) -> dict[str, Any]:
    def read(value: Any) -> Any:
        if isinstance(value, dict):
            return timedelta(**value)
        return tuple(read(each) for each in value) if isinstance(value, list) else value

    return {name: read(value) for name, value in given.items()}


def _do(asked: Mapping[str, Any]) -> None:
    """In the child: one round, as a command would do it."""
    for name, given in asked["settings"].items():
        value = given
        if name.endswith("_LENGTHS"):
            value = getattr(settings, name) | _lengths(given)
        setattr(settings, name, value)
    connection.settings_dict.update(asked["database"])
    at = datetime.fromisoformat(asked["at"]) if asked["at"] else timezone.now()
    import_string(JOBS[asked["job"]])(at)


def _fork(asked: Mapping[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.dup2(2, 1)  # the answers are the parent's
        _do(asked)
        code = 0
    finally:
        connection.close()
        logged = sys.exc_info()[1]
        if logged is not None:
            sys.stderr.write(f"{asked['job']}: {type(logged).__name__}: {logged}\n")
        sys.stderr.flush()
        os._exit(code)


def _ended(pid: int) -> str:
    found, status = os.waitpid(pid, os.WNOHANG)
    return STILL if not found else str(os.waitstatus_to_exitcode(status))


def main() -> None:
    django.setup()
    for job in JOBS.values():
        import_string(job)
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _ended(asked["ended"]) if "ended" in asked else _fork(asked)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
