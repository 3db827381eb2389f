"""The installation that is used: web, worker and beat as they are run, on PostgreSQL and Valkey."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from config.launcher import children, web
from config.launcher.installation import THE_DEMO
from tests.commands import COMMANDS
from tests.config.houses import CODE, a_free_port, an_environment
from tests.load import sink

WEB_PROCESSES, WEB_THREADS, WORKER_PROCESSES = 2, 4, 2
_PATIENCE = 60.0
_PROCESSES = ("web", "worker", "beat")


@dataclass(frozen=True, kw_only=True)
class House:
    port: int
    database: str
    folder: Path
    environment: Mapping[str, str]
    processes: Mapping[str, int]  # by name, their ids

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def says(self, *command: str) -> str:
        """What a command says, however it ends."""
        return _run(self.environment, *command).stdout


@contextmanager
def a_house(folder: Path) -> Iterator[House]:
    """With the demonstration in it; its mails go to a server that keeps them."""
    port = a_free_port()
    with ExitStack() as stack:
        database = stack.enter_context(_a_database())
        usual = an_environment(
            **THE_DEMO,
            VAR_DIR=str(folder / "var"),
            DATABASE_URL=database,
            EMBEDDED="true",
            SECRET_KEY=secrets.token_urlsafe(60),
            CELERY_BROKER_URL=os.environ["CELERY_BROKER_URL"],
            BIND=f"{web.HOST}:{port}",
            PUBLIC_URL=f"http://{web.HOST}:{port}",
            INSTANCE_ID="soak",
            PROXIES="1",
            LOG_FORMAT="json",
            WEB_PROCESSES=str(WEB_PROCESSES),
            WEB_THREADS=str(WEB_THREADS),
            WORKER_CONCURRENCY=str(WORKER_PROCESSES),
        )
        prepared = _run(usual, "manage.py", "prepare")
        if prepared.returncode:
            raise SystemExit(prepared.stdout + prepared.stderr)
        far_end = stack.enter_context(sink.running())
        environment = {**usual, "EMAIL_URL": far_end.url}
        processes = {
            name: stack.enter_context(_a_process(name, environment, folder)) for name in _PROCESSES
        }
        _wait_for(port)
        yield House(
            port=port, database=database, folder=folder, environment=environment,
            processes=processes,
        )  # fmt: skip


@contextmanager
def _a_database() -> Iterator[str]:
    address = urlsplit(os.environ["DATABASE_URL"])
    server = psycopg2.connect(address.geturl())
    server.autocommit = True
    name = f"soak_{os.getpid()}"
    with server.cursor() as cursor:
        cursor.execute(f'create database "{name}"')
    try:
        yield address._replace(path=f"/{name}").geturl()
    finally:
        with server.cursor() as cursor:
            cursor.execute(f'drop database if exists "{name}" with (force)')
        server.close()


@contextmanager
def _a_process(name: str, environment: Mapping[str, str], folder: Path) -> Iterator[int]:
    with (folder / f"{name}.log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", *COMMANDS[name]],
            cwd=CODE,
            env=dict(environment),
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=children.tied_to(os.getpid(), last_word=signal.SIGKILL),  # noqa: PLW1509
        )
    try:
        yield started.pid
    finally:
        started.terminate()
        try:
            started.wait(timeout=35)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def _run(environment: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=CODE,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while web.asks(port, "/healthz").get("instance") != "soak":
        if time.monotonic() > until:
            raise SystemExit("The web server does not answer.")
        time.sleep(0.2)


def people_of(house: House) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(house.says("-m", "tests.load.soak.people").splitlines()[-1])
    return found
