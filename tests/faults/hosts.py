"""Other hosts: network namespaces of our own, whose cable can be pulled.

What a host reaches of the test stand it reaches through a relay at the other end of its cable. A
cable that is pulled says goodbye to nobody: both ends go on as if the other were only slow.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

Target = tuple[str, int] | Path
_numbers = count(1)
_PIECE = 65_536


def why_not() -> str:
    """Why there can be no other hosts here; nothing where there can."""
    if os.getuid() != 0:
        return "hosts of their own need root"
    if shutil.which("ip") is None:
        return "hosts of their own need `ip` (iproute2)"
    probe = f"ftprobe{os.getpid()}"
    tried = subprocess.run(
        ["ip", "netns", "add", probe], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        return f"no network namespaces here: {tried.stderr.strip()}"
    _ip("netns", "del", probe)
    return ""


@dataclass(kw_only=True)
class Host:
    """One namespace and its cable. `ours` is our end's address, where its relays listen."""

    name: str
    cable: str
    ours: str
    relays: list[Relay] = field(default_factory=list)

    @property
    def within(self) -> tuple[str, ...]:
        """Put before a command, it runs there."""
        return ("ip", "netns", "exec", self.name)

    def relay(self, target: Target) -> Relay:
        """A way from there to one of our servers."""
        made = Relay(self.ours, target)
        self.relays.append(made)
        return made

    def pull_the_cable(self) -> None:
        _ip("link", "set", self.cable, "down")

    def plug_it_in(self) -> None:
        _ip("link", "set", self.cable, "up")


@contextmanager
def hosts(how_many: int) -> Iterator[list[Host]]:
    """So many, gone again at the end with all that listens for them."""
    with ExitStack() as stack:
        yield [stack.enter_context(_host()) for _ in range(how_many)]


@contextmanager
def _host() -> Iterator[Host]:
    number = next(_numbers)
    name = f"ft{os.getpid()}n{number}"
    cable, theirs = f"ft{os.getpid() % 100_000}c{number}", f"ft{os.getpid() % 100_000}t{number}"
    # Addresses for tests between hosts (RFC 2544); a network of four for each.
    net = f"198.18.{os.getpid() % 250}.{4 * number}".rpartition(".")
    ours, other = (f"{net[0]}.{int(net[2]) + end}" for end in (1, 2))
    host = Host(name=name, cable=cable, ours=ours)
    _ip("netns", "add", name)
    try:
        _ip("link", "add", cable, "type", "veth", "peer", "name", theirs)
        _ip("link", "set", theirs, "netns", name)
        _ip("addr", "add", f"{ours}/30", "dev", cable)
        _ip("link", "set", cable, "up")
        _ip("-n", name, "addr", "add", f"{other}/30", "dev", theirs)
        _ip("-n", name, "link", "set", theirs, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        yield host
    finally:
        for relay in host.relays:
            relay.close()
        with suppress(subprocess.CalledProcessError):
            _ip("link", "del", cable)
        _ip("netns", "del", name)


class Relay:
    """Listens at our end of a cable, and carries bytes to a server and back until it is closed."""

    def __init__(self, address: str, target: Target) -> None:
        self._target = target
        self._listener = socket.create_server((address, 0))
        self.place = f"{address}:{self._listener.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self.carried = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = self._reach()
            except OSError:
                return
            self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _reach(self) -> socket.socket:
        if isinstance(self._target, Path):
            far = socket.socket(socket.AF_UNIX)
            far.connect(str(self._target))
            return far
        return socket.create_connection(self._target)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(_PIECE):
                other.sendall(piece)
                self.carried += len(piece)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=30)
