"""The test stand: an installation of real processes, with far ends that do as they are told.

The stand's database is also that of the test itself, which looks at it through the models.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import psutil
from django.db import connection

from config.launcher import children
from tests import services
from tests.commands import COMMANDS
from tests.faults.cluster import Cluster
from tests.faults.private_broker import PrivateBroker
from tests.faults.rounds import ROOT, Forks, Round
from tests.smtp import Sink

PATIENCE = 60.0  # seconds for something to happen on a busy machine
T = TypeVar("T")


class NotWithin(AssertionError):
    """What was waited for did not come about."""


def until(question: Callable[[], T], *, within: float = PATIENCE, what: str = "") -> T:
    """Ask until the answer is a yes, and give it back."""
    give_up = time.monotonic() + within
    while not (answer := question()):
        if time.monotonic() > give_up:
            raise NotWithin(f"not within {within} s: {what or question}")
        time.sleep(0.05)
    return answer


@dataclass(kw_only=True)
class Process:
    """One of ours, in a session of its own."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    root: Path = ROOT
    popen: subprocess.Popen[bytes] | None = None

    def start(self, *, stdout: int | None = None) -> Process:
        """Start it, or start it again after it died."""
        with self.log.open("ab") as output:
            self.popen = subprocess.Popen(
                self.command,
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output if stdout is None else stdout,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=children.tied_to(os.getpid(), last_word=signal.SIGKILL),  # noqa: PLW1509
            )
        return self

    @property
    def pid(self) -> int:
        assert self.popen
        return self.popen.pid

    @property
    def is_running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        """To the process alone, as a kernel or a supervisor does it."""
        if self.is_running:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.wait()

    def end(self) -> None:
        """Kill it and all it has started, so that nothing of it answers any more."""
        if self.is_running:
            os.killpg(self.pid, signal.SIGKILL)
            self.wait()

    def wait(self, *, within: float = PATIENCE) -> int:
        assert self.popen
        return self.popen.wait(timeout=within)

    def children(self) -> list[psutil.Process]:
        """Those it has started, like the pool of a worker."""
        try:
            return psutil.Process(self.pid).children()
        except psutil.NoSuchProcess:
            return []

    def has_said(self, words: str, *, times: int = 1) -> None:
        """Wait until it has."""
        until(
            lambda: self.said.count(words) >= times or not self.is_running,
            what=f"{self.name} to say “{words}”",
        )
        assert self.said.count(words) >= times, self.said[-3000:]


@dataclass(kw_only=True)
class Stand:
    """An installation: its database, its broker, its mail server, and the processes started."""

    cluster: Cluster
    database: str
    broker: PrivateBroker
    sink: Sink
    forks: Forks
    folder: Path
    port: int = field(default_factory=services.a_free_port)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(50))
    processes: list[Process] = field(default_factory=list)
    # When a test has ended, `audit_delivery` has to print nothing: by the clock on the wall, or by
    # this instant, in a test with a calendar of its own; nor is it asked about rows made up.
    audited_at: datetime | None = None
    unaudited_because: str = ""

    def environment(self, **asked: Any) -> dict[str, str]:
        """What a process is told; `asked` goes to the settings of these tests."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.cluster.url(self.database),
            "CELERY_BROKER_URL": self.broker.url,
            "EMAIL_URL": self.sink.url,
            "EMBEDDED": "true",
            "SECRET_KEY": self.secret,
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "BIND": f"127.0.0.1:{self.port}",
            "PYTHONUNBUFFERED": "1",
            "FAULTS": json.dumps(asked),
        }

    def round(self, job: str = "once", *, at: datetime | None = None, **settings: Any) -> Round:
        """Start one round of a job in a process of its own."""
        known = {
            name: connection.settings_dict[name]
            for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")
        }
        given = {
            "EMAIL_URL": self.sink.url,
            "CELERY_BROKER_URL": self.broker.url,
            "SECRET_KEY": self.secret,
        }
        return self.forks.start(job, database=known, at=at, **(given | settings))

    def do(self, job: str = "once", *, at: datetime | None = None, **settings: Any) -> None:
        """One round, from its start to its good end."""
        assert self.round(job, at=at, **settings).wait() == 0, self.forks.said[-3000:]

    def worker(
        self,
        *options: str,
        env: dict[str, str] | None = None,
        within: Sequence[str] = (),
        root: Path = ROOT,
        **asked: Any,
    ) -> Process:
        """`within`: a command that starts it in surroundings of its own; `root`: other code."""
        program, *rest = COMMANDS["worker"]
        quiet = ("-W", "ignore:You're running the worker", "-m", program, "--quiet")
        command = [*quiet, *rest, *options]
        return self._start("worker", command, env=env, within=within, root=root, **asked)

    def beat(self, **asked: Any) -> Process:
        program, *rest = COMMANDS["beat"]
        command = ["-m", program, "--quiet", *rest]
        return self._start("beat", command, **asked)

    def web(self, *, env: dict[str, str] | None = None, **asked: Any) -> Process:
        command = ["-m", *COMMANDS["web"]]
        return self._start("web", command, env=env, **asked)

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run one of our commands to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment() | more,
            capture_output=True,
            text=True,
            check=False,
        )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _start(
        self,
        name: str,
        command: list[str],
        *,
        env: dict[str, str] | None = None,
        within: Sequence[str] = (),
        root: Path = ROOT,
        **asked: Any,
    ) -> Process:
        process = Process(
            name=name,
            command=[*within, sys.executable, *command],
            root=root,
            environment=self.environment(**asked) | (env or {}),
            log=self.log(f"{name}-{len(self.processes)}"),
        )
        self.processes.append(process)
        return process.start()

    def close(self) -> None:
        """End everything that was started here, frozen or not, and show what it said."""
        for process in self.processes:
            sys.stdout.write(f"--- {process.name}\n{process.said[-2000:]}\n")
            process.end()
        self.broker.close()
