"""One HTTP/1.1 request after another to a host of somebody else's.

Nothing here trusts the far end: not to answer in time (the caller's watchdog cuts), not to be brief
(so much is read and no more), not to stay where it was (redirects are an answer like any other),
and not to send what was asked for (nothing is unpacked).
"""

from __future__ import annotations

import select
import socket
import ssl
import string
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from notifications.channels import addresses, answers
from notifications.channels.addresses import Address, Target
from notifications.channels.answers import Answer
from notifications.channels.watchdog import Watchdog
from notifications.envelope import one_line
from notifications.lengths import Lengths


class Connection:
    """To one target, through a socket that the caller's watchdog guards; kept for the next time."""

    def __init__(
        self,
        target: Target,
        *,
        tls: Callable[[], ssl.SSLContext],
        watchdog: Watchdog,
        lengths: Lengths,
    ) -> None:
        self._target = target
        self._head = _head(target)
        self._tls = tls
        self._watchdog = watchdog
        self._lengths = lengths
        self._socket: socket.socket | None = None
        self._was_kept = False

    def open(self) -> None:
        """Be connected, before `post`. Raises Refused, Unknown or OSError."""
        self._was_kept = self._socket is not None and not _has_been_closed(self._socket)
        if self._was_kept:
            self._watchdog.guard(self._socket)
            return
        self.close()
        self._socket = self._connect()

    def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send it all at once and read the answer. Raises OSError or HTTPException.

        A connection kept from the time before may have been closed under our hands. Whether the
        far end read what we sent into it nobody knows; it is asked once more all the same, so this
        is for requests that name themselves.
        """
        request = self._request(headers, body)
        try:
            return self._exchange(request)
        except ConnectionError:
            self.close()
            if not self._was_kept or self._watchdog.has_bitten:
                raise
        self.open()
        return self._exchange(request)

    def close(self) -> None:
        if self._socket is not None:
            self._watchdog.guard(None)
            self._socket.close()
            self._socket = None

    def _connect(self) -> socket.socket:
        found = addresses.allowed(self._target, patience=self._patience())
        plain = self._first_that_answers(found)
        # Without it the last bytes of a body wait for an acknowledgement.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # It starts anew with every byte: it is there only should the watchdog fail.
        plain.settimeout(2 * self._lengths.request.total_seconds())
        if self._target.scheme != "https":
            self._watchdog.guard(plain)
            return plain
        secure = self._tls().wrap_socket(
            plain, server_hostname=self._target.host, do_handshake_on_connect=False
        )
        self._watchdog.guard(secure)
        try:
            secure.do_handshake()
        except OSError:
            secure.close()
            raise
        return secure

    def _first_that_answers(self, found: Sequence[Address]) -> socket.socket:
        """Connect to one of these very addresses: the name is not looked up again."""
        last = OSError("no address to connect to")
        for address in found:
            family = socket.AF_INET if address.version == 4 else socket.AF_INET6
            plain = socket.socket(family, socket.SOCK_STREAM)
            plain.settimeout(self._patience().total_seconds())
            try:
                plain.connect((str(address), self._target.port))
            except OSError as error:
                plain.close()
                last = error
            else:
                return plain
        raise last

    def _patience(self) -> timedelta:
        return min(self._lengths.connect, timedelta(seconds=self._watchdog.remaining()))

    def _request(self, headers: Mapping[str, str], body: bytes) -> bytes:
        said = [f"{name}: {one_line(value)}" for name, value in headers.items()]
        lines = [*self._head, f"Content-Length: {len(body)}", *said, "", ""]
        return "\r\n".join(lines).encode("ascii") + body

    def _exchange(self, request: bytes) -> Answer:
        if self._socket is None:
            raise ConnectionError("not connected")
        self._socket.sendall(request)
        answer = answers.read(self._socket)
        if not answer.goes_on:
            self.close()
        return answer


def _head(target: Target) -> Sequence[str]:
    """How each request to this target begins."""
    path = quote(target.path, safe=string.punctuation)
    return (f"POST {path} HTTP/1.1", f"Host: {target.name}", "Accept-Encoding: identity")


def _has_been_closed(connection: socket.socket) -> bool:
    """Whether the far end hung up, or talks without being asked: no use to us either way."""
    heard = select.poll()
    heard.register(connection, select.POLLIN)
    return bool(heard.poll(0))
