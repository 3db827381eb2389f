"""The demonstration as an installation of its own: its database filled, its web server running."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.launcher import web
from config.launcher.installation import THE_DEMO
from tests.commands import COMMANDS
from tests.config.houses import CODE, a_free_port, an_environment, manage

PATIENCE = 30.0


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Where it is found, and what stands in the addresses of its pages."""

    address: str
    facts: Mapping[str, object]
    environment: Mapping[str, str]

    def says(self, module: str) -> Any:
        """What a module says that is run inside of it: JSON in the last line, below its log."""
        return _said(self.environment, "-m", module)


@contextmanager
def a_demo(folder: Path) -> Iterator[Demo]:
    """Filled and answering; without worker and beat, so that nothing changes by itself."""
    port = a_free_port()
    address = f"http://{web.HOST}:{port}"
    done = manage("prepare", folder=folder, **THE_DEMO)
    assert done.returncode == 0, done.stderr
    environment = an_environment(
        VAR_DIR=str(folder),
        BIND=f"{web.HOST}:{port}",
        PUBLIC_URL=address,
        INSTANCE_ID="tour",
        SAYS_WHEN_LATE="false",
        LOG_LEVEL="WARNING",
        **THE_DEMO,
    )
    facts = _said(environment, "-m", "tests.browser.tour.facts")
    server = subprocess.Popen(
        [sys.executable, "-m", *COMMANDS["web"]],
        cwd=CODE,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield Demo(address=address, facts=facts, environment=environment)
    finally:
        server.terminate()
        server.wait()


def _said(environment: Mapping[str, str], *command: str) -> Any:
    """The JSON in the last line of what it says, below its log."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=CODE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while web.asks(port, "/healthz").get("instance") != "tour":
        assert time.monotonic() < until, "The web server does not answer."
        time.sleep(0.1)
