"""A PostgreSQL that may be killed: one for all these tests, with a new database for each."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from config.launcher import children
from tests import services

TEMPLATE = "everything_migrated"
# What is acknowledged must outlive the server, though not the machine.
OPTIONS = {
    "synchronous_commit": "on",
    "max_connections": "60",
    "track_commit_timestamp": "on",  # so that a test can ask what came first
}


@dataclass(kw_only=True)
class Cluster:
    """Starts at once; `stop` leaves nothing behind."""

    running: services.Running
    port: int = field(default_factory=services.a_free_port)
    password: str = "not-a-secret"
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def bring(cls, *, place: Path | None = None, **options: str) -> Cluster:
        """Set one up in that folder, or in one of its own among the temporary ones."""
        folder = services.a_folder() if place is None else place / "server"
        folder.mkdir(exist_ok=True)
        cluster = cls(running=services.Running(folder=folder))
        user = services.unprivileged()
        cluster.folder.mkdir(mode=0o700)
        user.own(cluster.folder)
        programs = services.reachable_programs(cluster.running.folder, user)
        services.make_cluster(
            cluster.folder, programs=programs, password=cluster.password, user=user
        )
        cluster.programs = programs
        cluster.start(**options)
        cluster.say(f"create database {TEMPLATE}", to="postgres")
        return cluster

    programs: Path = Path()

    @property
    def folder(self) -> Path:
        return self.running.folder / "postgresql"

    def url(self, database: str) -> str:
        return f"postgres://tests:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self, **options: str) -> None:
        given = services.hasty_options(self.port)
        for name, value in (OPTIONS | options).items():
            given += ["-c", f"{name}={value}"]
        log = self.running.folder / "postgresql.log"
        user = services.unprivileged()
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.folder / "data"), *given],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                preexec_fn=children.tied_to(os.getpid(), last_word=signal.SIGQUIT),  # noqa: PLW1509
                **user.as_arguments(),
            )
        self.running.servers[:] = [(self.process, signal.SIGQUIT)]
        services.wait_for(
            lambda: services.connects(self.url("postgres")),
            running=self.running,
            what="PostgreSQL",
            log=log,
        )

    def crash(self) -> None:
        """What `pg_ctl -m immediate stop` does: no checkpoint, no goodbye."""
        assert self.process
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=30)

    def crash_and_return(self, **options: str) -> None:
        self.crash()
        self.start(**options)

    def dump(self, database: str, *, to: Path) -> None:
        """A backup, as `pg_dump` makes it."""
        self._run("pg_dump", "--format=custom", f"--file={to}", self.url(database))

    def restore(self, database: str, *, dump: Path) -> None:
        """That backup in the place of what is there now."""
        self.say(f"drop database {database} with (force)", to="postgres")
        self.say(f"create database {database}", to="postgres")
        self._run("pg_restore", "--exit-on-error", f"--dbname={self.url(database)}", str(dump))

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([str(self.programs / program), *arguments], check=True, timeout=60)

    def say(self, statement: str, *, to: str) -> list[tuple[object, ...]]:
        """One statement, in a connection and a transaction of its own."""
        with closing(psycopg2.connect(self.url(to))) as line:
            line.autocommit = True
            with line.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        self.running.stop()
        shutil.rmtree(self.running.folder, ignore_errors=True)
