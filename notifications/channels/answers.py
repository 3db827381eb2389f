"""Reads what a host answers: no more of its words than are kept.

An answer that came whole, in one piece and plain, as nearly all do, is taken apart here. Any other
is read by the standard library, which takes longer over the headers than the request itself took.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import re
import socket
from dataclasses import dataclass

from notifications.envelope import one_line

_MOST = 64 * 1024  # bytes of an answer that are read: a connection with more to say is closed
_KEPT = 200
_HEAD = re.compile(rb"HTTP/1\.1 ([2-5]\d\d)(?: [^\r\n]*)?\r\n((?:[\w-]+:[^\r\n]*\r\n)*)\r\n")
_CHANGES_THE_READING = frozenset({b"transfer-encoding", b"connection"})
_LENGTH = re.compile(rb"\d{1,5}")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back. `goes_on` says that the connection may be kept."""

    code: int
    words: str
    retry_after: str
    goes_on: bool


def read(line: socket.socket) -> Answer:
    """The answer to the one request that is under way. Raises OSError or HTTPException."""
    first = line.recv(_MOST)
    return _plain(first) or _any(_Replayed(first, line))


def _plain(first: bytes) -> Answer | None:
    """Nothing, if there is more to come, or anything about it is unusual."""
    head = _HEAD.match(first)
    if head is None:
        return None
    lines = [line.partition(b":") for line in head[2].splitlines()]
    headers = {name.lower(): value.strip() for name, _, value in lines}
    length = headers.get(b"content-length", b"")
    is_usual = len(headers) == len(lines) and _CHANGES_THE_READING.isdisjoint(headers)
    if not is_usual or not _LENGTH.fullmatch(length) or len(first) != head.end() + int(length):
        return None
    retry_after = headers.get(b"retry-after", b"").decode("latin-1")
    return _answer(int(head[1]), first[head.end() :], retry_after=retry_after, goes_on=True)


def _any(replayed: _Replayed) -> Answer:
    """What the library makes of it. Its code is heard whatever follows."""
    # It asks a socket for nothing but a file.
    with http.client.HTTPResponse(replayed, method="POST") as response:  # type: ignore[arg-type]
        response.begin()
        words = b""
        with contextlib.suppress(OSError, http.client.HTTPException):
            words = response.read(_MOST)
        return _answer(
            response.status,
            words,
            retry_after=response.getheader("Retry-After") or "",
            goes_on=response.isclosed() and not response.will_close,
        )


def _answer(code: int, words: bytes, *, retry_after: str, goes_on: bool) -> Answer:
    said = one_line(words.decode("utf-8", "replace"))[:_KEPT]
    return Answer(code=code, words=said, retry_after=retry_after, goes_on=goes_on)


class _Replayed(io.RawIOBase):
    """A connection of which the first bytes were read before, as a file that begins with them."""

    def __init__(self, first: bytes, line: socket.socket) -> None:
        self._first = first
        self._line = line

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._first:
            return self._line.recv_into(buffer)
        count = min(len(buffer), len(self._first))
        buffer[:count] = self._first[:count]
        self._first = self._first[count:]
        return count
