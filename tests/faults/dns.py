"""A name service that says nothing, until it is told to: then everything is this machine."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ADDRESS = "127.0.0.9"
_A = 1


@dataclass
class NameService:
    """Listens where resolvers ask, on a loopback address of its own."""

    answers: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    def __post_init__(self) -> None:
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.line.bind((ADDRESS, 53))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                question, whence = self.line.recvfrom(512)
            except OSError:
                return
            self.asked += 1
            if self.answers.is_set():
                self.line.sendto(_answer(question), whence)

    def close(self) -> None:
        self.line.close()


def _answer(question: bytes) -> bytes:
    """127.0.0.1 to whoever asks for IPv4, nothing to others."""
    number, asked = question[:2], question[12:]
    end = asked.index(b"\0") + 5
    [kind] = struct.unpack(">H", asked[end - 4 : end - 2])
    found = b"\xc0\x0c" + struct.pack(">HHIH", _A, 1, 1, 4) + b"\x7f\x00\x00\x01"
    count = 1 if kind == _A else 0
    head = number + struct.pack(">HHHHH", 0x8180, 1, count, 0, 0)
    return head + asked[:end] + (found if count else b"")


@contextmanager
def name_service() -> Iterator[NameService]:
    """Raises PermissionError for whoever may not listen there."""
    service = NameService()
    try:
        yield service
    finally:
        service.close()
