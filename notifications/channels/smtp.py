"""Our own conversation with a mail server, because no library lets us ask before the final dot.

Everything up to the dot can be taken back; the dot cannot. What goes wrong before it is an error
that says whom to blame; what goes wrong after it leaves the mail uncertain.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from notifications.channels import Receipt
from notifications.channels.watchdog import Watchdog
from notifications.envelope import Blame, DeliveryError, LetGo, Uncertain
from notifications.lengths import Lengths

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_OUR_ACCOUNT = (530, 534, 535, 538)
_BAD_SENDER = ("5.1.7", "5.1.8")
_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
_SUBMISSION = 587


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where mail is handed over, as EMAIL_URL names it."""

    host: str
    port: int
    user: str
    password: str
    encryption: str  # "" | "starttls" | "tls"

    @classmethod
    def from_url(cls, url: str) -> Server:
        """smtp:// is plain, smtp+tls:// upgrades, smtps:// and smtp+ssl:// begin encrypted.

        smtps:// at port 587 upgrades, as that port expects. Raises ImproperlyConfigured.
        """
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise ImproperlyConfigured("EMAIL_URL is not like smtp+tls://user:password@host:587.")
        upgrades = parts.scheme == "smtp+tls"
        upgrades |= parts.scheme == "smtps" and parts.port == _SUBMISSION
        encryption = "starttls" if upgrades else "" if parts.scheme == "smtp" else "tls"
        return cls(
            host=parts.hostname,
            port=parts.port or {"": 25, "starttls": _SUBMISSION, "tls": 465}[encryption],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            encryption=encryption,
        )


class Conversation(smtplib.SMTP):
    """One connection: opened and signed in when first needed, then used again and again."""

    def __init__(self, server: Server, *, lengths: Lengths) -> None:
        self.server = server
        self.lengths = lengths
        self.watchdog = Watchdog()
        # Left to itself, smtplib asks the name service who we are, and may wait for it. Its own
        # timeout starts anew with every byte: it is there only should the watchdog fail.
        super().__init__(
            local_hostname=socket.gethostname() or "localhost",
            timeout=2 * lengths.conversation.total_seconds(),
        )

    def send_mail(
        self, sender: str, recipient: str, data: bytes, *, may_finish: Callable[[], bool]
    ) -> Receipt:
        """One mail to one recipient. Raises what a channel's `send` raises."""
        with self.watchdog.limit(self.lengths.conversation):
            self._begin(sender)
            self._ask("RCPT", f"TO:<{recipient}>", accepting=(250, 251))
            self._ask("DATA", "", accepting=(354,))
            self._push(data)
            is_final = False
            try:
                is_final = may_finish()
            finally:
                if not is_final:
                    # In the middle of the data there is no command left but to hang up.
                    self.hang_up()
            if not is_final:
                raise LetGo
            return self._finish()

    def hang_up(self) -> None:
        """Close without a word: what is half sent is dropped by the server."""
        self.watchdog.guard(None)
        self.close()

    def end(self) -> None:
        """Say goodbye and let the watchdog go."""
        if self.sock:
            unheard = contextlib.suppress(OSError, smtplib.SMTPException)
            with unheard, self.watchdog.limit(self.lengths.connect):
                self.quit()
        self.hang_up()
        self.watchdog.stop()

    def _begin(self, sender: str) -> None:
        """Name the sender, on a fresh connection if the one in use has meanwhile been closed."""
        if self.sock:
            try:
                code, answer = self.docmd("MAIL", f"FROM:<{sender}>")
            except (OSError, smtplib.SMTPException):
                code, answer = 421, b""
            if code != 421:
                return self._check(code, answer, accepting=(250,), naming=True)
            self.hang_up()
        self._open()
        return self._ask("MAIL", f"FROM:<{sender}>", accepting=(250,), naming=True)

    def _open(self) -> None:
        # smtplib forgets what the last server offered only after a goodbye.
        self.ehlo_resp = self.helo_resp = None
        self._host = self.server.host  # which name a certificate has to bear
        try:
            code, answer = self.connect(self.server.host, self.server.port)
        except (OSError, smtplib.SMTPException) as error:
            self._lost(error, blame=Blame.FAR_END)
        try:
            if code != 220:
                raise smtplib.SMTPConnectError(code, answer)
            self._greet()
        except smtplib.SMTPAuthenticationError as error:
            self._refused(error.smtp_code, error.smtp_error, blame=Blame.OURSELVES)
        except smtplib.SMTPResponseException as error:
            self._refused(error.smtp_code, error.smtp_error, blame=Blame.FAR_END)
        except smtplib.SMTPNotSupportedError as error:
            self._lost(error, blame=Blame.OURSELVES)
        except (OSError, smtplib.SMTPException) as error:
            self._lost(error, blame=Blame.FAR_END)

    def _greet(self) -> None:
        self.ehlo_or_helo_if_needed()
        if self.server.encryption == "starttls" and self.sock:
            # Nobody can cut a handshake; its own timeout is a total one.
            self.sock.settimeout(self.watchdog.remaining())
            self.starttls(context=ssl.create_default_context())
            self.sock.settimeout(self.timeout)
            self.watchdog.guard(self.sock)
            self.ehlo_or_helo_if_needed()
        if self.server.user:
            self.login(self.server.user, self.server.password)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Called by smtplib's `connect`."""
        patience = min(self.lengths.connect.total_seconds(), self.watchdog.remaining())
        connection = socket.create_connection((host, port), timeout=patience)
        # Without it the last bytes wait for an acknowledgement, and the window grows threefold.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.server.encryption == "tls":
            connection.settimeout(self.watchdog.remaining())
            context = ssl.create_default_context()
            connection = context.wrap_socket(connection, server_hostname=host)
        connection.settimeout(timeout)
        self.watchdog.guard(connection)
        return connection

    def getreply(self) -> tuple[int, bytes]:
        """An answer that was cut off in the middle of its line is none, whatever its digits."""
        code, answer = super().getreply()
        if self.watchdog.has_bitten:
            raise smtplib.SMTPServerDisconnected("The answer was cut off.")
        return code, answer

    def _ask(
        self, verb: str, words: str, *, accepting: tuple[int, ...], naming: bool = False
    ) -> None:
        try:
            code, answer = self.docmd(verb, words)
        except (OSError, smtplib.SMTPException) as error:
            self._lost(error)
        self._check(code, answer, accepting=accepting, naming=naming)

    def _check(
        self, code: int, answer: bytes, *, accepting: tuple[int, ...], naming: bool = False
    ) -> None:
        """`naming`: nobody but the sender has been named, so who is refused for good is us."""
        if code in accepting:
            return
        if code == 421 or code < 400:
            self.hang_up()
        else:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.rset()
        self._refused(code, answer, blame=Blame.OURSELVES if naming and code >= 500 else None)

    def _push(self, data: bytes) -> None:
        """Send the body up to, but not including, the dot."""
        stuffed = data.replace(b"\r\n.", b"\r\n..") if b"\r\n." in data else data
        try:
            self.send(stuffed)
        except (OSError, smtplib.SMTPException) as error:
            self._lost(error)

    def _finish(self) -> Receipt:
        """Send what cannot be taken back, and hear what becomes of it."""
        try:
            self.send(b".\r\n")
            code, answer = self.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise Uncertain(self._words_for(error)) from error
        if 200 <= code < 300:
            said = _text(answer)
            return Receipt(provider_id="", code=code, answer=said)
        if not 400 <= code < 600:
            self.hang_up()
            raise Uncertain(f"an answer that is none: {code} {_text(answer)}")
        if code == 421:
            self.hang_up()
        return self._refused(code, answer)

    def _lost(self, error: Exception, *, blame: Blame = Blame.MESSAGE) -> NoReturn:
        self.hang_up()
        raise DeliveryError(self._words_for(error), blame=blame) from error

    def _refused(self, code: int, answer: bytes | str, *, blame: Blame | None = None) -> NoReturn:
        if blame in (Blame.OURSELVES, Blame.FAR_END):
            self.hang_up()
        raise refusal(code, _text(answer), blame=blame)

    def _words_for(self, error: Exception) -> str:
        if self.watchdog.has_bitten or isinstance(error, TimeoutError):
            return f"no answer within {self.lengths.conversation.total_seconds():g} s"
        return str(error) or type(error).__name__


def refusal(code: int, answer: str, *, blame: Blame | None = None) -> DeliveryError:
    """What a mail server's refusal means for the message, the address and the channel."""
    found = _ENHANCED.match(answer)
    enhanced = found.group() if found else ""
    permanent = code >= 500
    if blame is None:
        blame = _whose_fault(code, enhanced)
    if blame in (Blame.OURSELVES, Blame.FAR_END):
        permanent = False
    return DeliveryError(f"{code} {answer}", permanent=permanent, blame=blame, code=code)


def _whose_fault(code: int, enhanced: str) -> Blame:
    if code in _OUR_ACCOUNT or enhanced.startswith("5.7.") or enhanced in _BAD_SENDER:
        return Blame.OURSELVES
    if enhanced.startswith("5.1."):
        return Blame.ADDRESS
    return Blame.MESSAGE


def _text(answer: bytes | str) -> str:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(said.split())
