"""A mail server for tests: it keeps what it accepts, and misbehaves by script.

A script says, stage by stage, what to do instead of the usual: an answer of its own, HANG, DROP, or
a Drip. Each entry is used once, in turn; the stages are BANNER, EHLO, AUTH, MAIL, RCPT, DATA, DOT.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from typing import BinaryIO

HANG = "hang"
DROP = "drop"
USUAL = "usual"
OFFERS = "250-sink\r\n250 AUTH PLAIN"
ANSWERS = {
    "STARTTLS": "220 2.0.0 go ahead",
    "BANNER": "220 sink",
    "EHLO": OFFERS,
    "AUTH": "235 2.7.0 in",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


@dataclass(frozen=True)
class Drip:
    """An answer that comes a byte at a time: no single wait is long, the whole takes for ever."""

    pause: float


@dataclass(frozen=True)
class Mail:
    sender: str
    recipient: str
    data: bytes

    @property
    def headers(self) -> Message:
        """The headers alone, which is quicker to read."""
        return BytesHeaderParser().parsebytes(self.data)

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)


@dataclass
class Sink:
    """Listens on a free loopback port until closed."""

    script: dict[str, list[str | Drip]] = field(default_factory=dict)
    accepted: list[Mail] = field(default_factory=list)
    refused: list[Mail] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    pause: float = 0.0
    tls: ssl.SSLContext | None = None
    upgrades: bool = False

    def __post_init__(self) -> None:
        self.closing = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.url = f"smtp://127.0.0.1:{self.port}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        if self.closing.is_set():
            return
        self.closing.set()
        # Closing alone would leave the listening thread asleep in accept().
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.accepted]

    def by_message_id(self, *, repeats: bool = True) -> Counter[str]:
        """How often each message was accepted; `repeats` counts what says it may be one, too."""
        heads = (mail.headers for mail in list(self.accepted))
        return Counter(
            head["Message-ID"] for head in heads if repeats or "X-Possible-Repeat" not in head
        )

    def _listen(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            if self.tls and not self.upgrades:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                if not self._answer(connection, "BANNER"):
                    return
                if self._converse(connection) == "STARTTLS" and self.tls:
                    with self.tls.wrap_socket(connection, server_side=True) as encrypted:
                        self._converse(encrypted)
        except OSError:
            return

    def _converse(self, connection: socket.socket) -> str:
        """Answer until the client has enough, or wants to go on encrypted."""
        lines = connection.makefile("rb")
        sender = recipient = ""
        going = "220"
        while going and (line := lines.readline()):
            verb = "STARTTLS" if line.startswith(b"STARTTLS") else line[:4].decode().upper()
            if verb == "MAIL":
                sender = _address(line)
            elif verb == "RCPT":
                recipient = _address(line)
            going = self._answer(connection, verb)
            if verb == "STARTTLS":
                return verb
            if verb == "DATA" and going == "354":
                data = _body(lines)
                if data is None:
                    return ""
                if self.pause:
                    self.closing.wait(self.pause)
                going = self._answer(connection, "DOT", mail=Mail(sender, recipient, data))
        return ""

    def _answer(self, connection: socket.socket, stage: str, *, mail: Mail | None = None) -> str:
        """Play the part of this stage. Answers the code sent, or nothing when it is over."""
        self.seen[stage] += 1
        turns = self.script.get(stage)
        turn = turns.pop(0) if turns else USUAL
        usual = ANSWERS.get(stage, "250 2.0.0 ok")
        if stage == "EHLO" and self.upgrades and not isinstance(connection, ssl.SSLSocket):
            usual = "250-sink\r\n250 STARTTLS"
        said = usual if turn == USUAL or isinstance(turn, Drip) else turn
        if mail and turn not in (HANG, DROP):
            (self.accepted if said.startswith("250") else self.refused).append(mail)
        if turn == HANG:
            self.closing.wait()
            return ""
        if turn == DROP:
            if mail:  # accepted, only the answer is lost
                self.accepted.append(mail)
            return ""
        if isinstance(turn, Drip):
            for byte in said.encode():
                self.closing.wait(turn.pause)
                connection.sendall(bytes([byte]))
            said = ""
        connection.sendall(said.encode() + b"\r\n")
        return said[:3] if stage != "QUIT" else ""


def _address(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode("latin-1")


def _body(lines: BinaryIO) -> bytes | None:
    """Everything up to the dot, or None: without a dot there is no mail."""
    body = []
    while line := lines.readline():
        if line == b".\r\n":
            return b"".join(body)
        body.append(line.removeprefix(b"."))
    return None


@contextmanager
def sink(tls: ssl.SSLContext | None = None, *, upgrades: bool = False) -> Iterator[Sink]:
    """A mail server for the length of a block."""
    server = Sink(tls=tls, upgrades=upgrades)
    try:
        yield server
    finally:
        server.close()
