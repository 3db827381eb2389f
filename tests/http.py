"""An HTTP server for tests: it keeps what it is sent, and misbehaves by script.

A script says, request by request, what to do instead of the usual; each entry is used once.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Turn = Callable[["Sink", socket.socket], bool]
"""Plays one answer. Answers whether the connection goes on."""


def says(code: int, words: str = "", **headers: str) -> Turn:
    """An answer with this code; `Retry_After="5"` is the header Retry-After."""
    lines = [f"HTTP/1.1 {code} Said", f"Content-Length: {len(words.encode())}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return raw("\r\n".join([*lines, "", words]).encode())


def raw(answer: bytes, *, goes_on: bool = True) -> Turn:
    def play(sink: Sink, connection: socket.socket) -> bool:
        connection.sendall(answer)
        return goes_on

    return play


def hangs(sink: Sink, connection: socket.socket) -> bool:
    """Say nothing until the test is over."""
    sink.closing.wait()
    return False


def drops(sink: Sink, connection: socket.socket) -> bool:
    """Hang up without a word."""
    return False


def drips(answer: bytes, *, pause: float) -> Turn:
    """A byte at a time: no single wait is long, the whole takes for ever."""

    def play(sink: Sink, connection: socket.socket) -> bool:
        for byte in answer:
            if sink.closing.wait(pause):
                break
            connection.sendall(bytes([byte]))
        return False

    return play


def pours(begin: bytes, *, piece: bytes) -> Turn:
    """A beginning, and then more and more for as long as somebody listens."""

    def play(sink: Sink, connection: socket.socket) -> bool:
        connection.sendall(begin)
        while not sink.closing.is_set():
            connection.sendall(piece)
            sink.poured += len(piece)
        return False

    return play


def closes_after(answer: bytes = OK) -> Turn:
    """Answer as if the connection were kept, and close it."""
    return raw(answer, goes_on=False)


@dataclass
class Sink:
    """Listens on a free loopback port until closed."""

    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    script: list[Turn] = field(default_factory=list)
    usual: Turn = field(default=raw(OK))
    seen: list[Request] = field(default_factory=list)
    connections: int = 0
    poured: int = 0

    def __post_init__(self) -> None:
        self.closing = threading.Event()
        self.listener = socket.create_server((self.host, 0))
        self.port = int(self.listener.getsockname()[1])
        scheme = "https" if self.tls else "http"
        self.url = f"{scheme}://{self.host}:{self.port}/hook"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        if self.closing.is_set():
            return
        self.closing.set()
        # Closing alone would leave the listening thread asleep in accept().
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _listen(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as lines:
                while request := _read(lines):
                    self.seen.append(request)
                    turn = self.script.pop(0) if self.script else self.usual
                    if not turn(self, connection):
                        return
        except OSError:
            return


def _read(lines: BinaryIO) -> Request | None:
    first = lines.readline()
    if not first:
        return None
    headers = {}
    while (line := lines.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = lines.read(int(headers.get("content-length", "0")))
    return Request(path=first.split()[1].decode("ascii"), headers=headers, body=body)


@contextmanager
def sink(**facts: Any) -> Iterator[Sink]:
    """A web server for the length of a block."""
    server = Sink(**facts)
    try:
        yield server
    finally:
        server.close()
