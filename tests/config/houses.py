"""Whole installations for the tests: `manage.py up` in a folder of its own, as people run it."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

CODE = Path(__file__).resolve().parents[2]
GIVEN_TO_TESTS = {
    *("CELERY_BROKER_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "EMBEDDED", "PLAIN_HTTP"),
    *("PUBLIC_URL", "SECRET_KEY", "STATIC_HASHED_NAMES", "VAR_DIR"),
}


def an_environment(**more: str) -> Mapping[str, str]:
    """Ours without what the tests were given: nothing set, as on a fresh machine."""
    rest = {name: value for name, value in os.environ.items() if name not in GIVEN_TO_TESTS}
    return {**rest, **more}


def manage(*arguments: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in the installation whose data lie in that folder."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CODE,
        env=an_environment(VAR_DIR=str(folder), **more),
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True, kw_only=True)
class House:
    """A running installation; its processes by the name they have in the log."""

    launcher: subprocess.Popen[str]
    folder: Path
    address: str
    port: int
    greeting: list[str] = field(default_factory=list)

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self.launcher.pid).children(recursive=True)

    def worker(self) -> psutil.Process:
        return next(
            child
            for child in psutil.Process(self.launcher.pid).children()
            if "worker" in child.cmdline()
        )

    def read_until(self, *words: str) -> str:
        """Read on until all of these were said, in any order; fails if it ends before."""
        said: list[str] = []
        missing = set(words)
        for line in self.launcher.stdout or ():
            said.append(line)
            missing -= {word for word in missing if word in line}
            if not missing:
                return "".join(said)
        raise AssertionError(f"{missing} never said:\n" + "".join(said))


@contextmanager
def a_house(folder: Path, *options: str, **more: str) -> Iterator[House]:
    """`manage.py up` on a free port, from READY on; killed at the end if it still runs.

    What it says is left in the pipe, which holds minutes of it.
    """
    port = a_free_port()
    launcher = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port), *options],
        cwd=CODE,
        env=an_environment(VAR_DIR=str(folder), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if launcher.stdout and sys.platform == "linux":
        fcntl.fcntl(launcher.stdout, fcntl.F_SETPIPE_SZ, 1 << 20)
    try:
        address = f"http://127.0.0.1:{port}"
        house = House(launcher=launcher, folder=folder, address=address, port=port)
        house.greeting.append(house.read_until("READY", "celery.apps.worker"))
        yield house
    finally:
        launcher.kill()
        launcher.wait()
        if launcher.stdout:
            launcher.stdout.close()


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def still_running(processes: list[psutil.Process], *, within: float) -> list[psutil.Process]:
    """Those that have not ended by then. One that nobody has waited for has ended, too."""
    _, alive = psutil.wait_procs(processes, timeout=within)
    return [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]
