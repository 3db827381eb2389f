"""Mail through any backend of Django's, those of django-anymail among them.

No library lets us ask before the last byte: the marker stands before the call. What a provider
refuses was not sent, what it does not answer in time may have been.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from email.utils import format_datetime, formataddr, parseaddr

from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailError,
    AnymailRecipientsRefused,
    AnymailUnsupportedFeature,
)
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from notifications import lengths
from notifications.channels import Letter, Receipt, deadline, mime, verp
from notifications.channels.email import deliverable
from notifications.channels.smtp import refusal
from notifications.envelope import Blame, DeliveryError, LetGo, Uncertain, one_line

NAMED = "delivery"  # under which a provider keeps our own name of a mail
_OUR_ACCOUNT = (401, 402, 403)
_LATER = (408, 425, 429)
_NEVER_CONNECTED = (
    ConnectionRefusedError,
    ConnectTimeout,
    ConnectTimeoutError,
    NewConnectionError,
    socket.gaierror,
    ssl.SSLCertVerificationError,
)


class Backend:
    """The backend that EMAIL_BACKEND names."""

    def __init__(self) -> None:
        self._lengths = lengths.current()
        self._connection: BaseEmailBackend | None = None

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        message = compose(letter)
        try:
            connection = self._open()
        except AnymailConfigurationError as error:
            raise DeliveryError(_said(error), blame=Blame.OURSELVES) from error
        except (OSError, smtplib.SMTPException, deadline.TookTooLong) as error:
            self.close()
            raise _before_the_call(error) from error
        if not may_finish():
            raise LetGo
        try:
            taken = deadline.within(
                self._lengths.conversation, lambda: _hand_over(message, connection)
            )
        except (deadline.TookTooLong, OSError, smtplib.SMTPException, AnymailError) as error:
            self.close()
            raise meaning(error) from error
        if not taken:
            raise DeliveryError("The mail backend did not take it.")
        return Receipt(provider_id=_provider_id(message), code=250, answer="taken by the backend")

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            deadline.within(self._lengths.connect, connection.close)
        except (deadline.TookTooLong, OSError, smtplib.SMTPException):
            return

    def _open(self) -> BaseEmailBackend:
        if self._connection is None:
            connection = get_connection(settings.NOTIFICATIONS_EMAIL_BACKEND)
            deadline.within(self._lengths.conversation, connection.open)
            self._connection = connection
        return self._connection


def compose(letter: Letter) -> EmailMultiAlternatives:
    """The letter as Django knows it, with the headers of our own mails."""
    usual_name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = address.rpartition("@")[2]
    headers = {
        "Date": format_datetime(letter.not_before),
        "Message-ID": mime.message_id(letter.key, domain=domain),
        **dict(mime.thread(letter, domain=domain)),
        **dict(mime.answers(letter, from_address=address)),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": one_line(letter.language),
    }
    if letter.possible_repeat:
        headers["X-Possible-Repeat"] = "1"
    message = EmailMultiAlternatives(
        subject=one_line(letter.subject),
        body=letter.text,
        from_email=formataddr((one_line(letter.sender or usual_name), address)),
        to=[formataddr((one_line(letter.name), deliverable(letter.address)))],
        headers=headers,
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    # Anymail's own: what it hears of this mail says so, even where the answer to our call was lost.
    message.metadata = {NAMED: verp.name(letter.delivery_id)}  # type: ignore[attr-defined]
    return message


def meaning(error: Exception) -> Exception:
    """What became of a mail whose call raised this: it was refused, or it may have arrived."""
    if isinstance(error, AnymailRecipientsRefused):
        return DeliveryError(_said(error), permanent=True, blame=Blame.ADDRESS)
    if isinstance(error, AnymailAPIError) and error.status_code is not None:
        return _by_status(error, int(error.status_code))
    if any(isinstance(cause, _NEVER_CONNECTED) for cause in _causes(error)):
        return DeliveryError(_said(error), blame=Blame.FAR_END)
    if isinstance(error, smtplib.SMTPException):
        return _by_smtp(error)
    if isinstance(error, AnymailError) and not isinstance(error, RequestException):
        return DeliveryError(_said(error), permanent=True)
    return Uncertain(_said(error))


def _by_status(error: AnymailAPIError, code: int) -> Exception:
    said = _said(error)
    if code in _OUR_ACCOUNT:
        return DeliveryError(said, blame=Blame.OURSELVES, code=code)
    if code in _LATER or code >= 500:
        return DeliveryError(said, blame=Blame.FAR_END, code=code)
    if code >= 300:
        return DeliveryError(said, permanent=True, code=code)
    return Uncertain(said)  # accepted, in words that nobody understands


def _by_smtp(error: smtplib.SMTPException) -> Exception:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return refusal(code, _text(answer))
    if isinstance(error, smtplib.SMTPResponseException):
        return refusal(error.smtp_code, _text(error.smtp_error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return DeliveryError(_said(error), blame=Blame.OURSELVES)
    return Uncertain(_said(error))


def _before_the_call(error: Exception) -> DeliveryError:
    """Nothing was sent yet: there is no doubt, only the question of whose fault it is."""
    found = meaning(error)
    if isinstance(found, DeliveryError):
        return found
    return DeliveryError(_said(error), blame=Blame.FAR_END)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that lies behind it; libraries wrap what the network said several times."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


def _hand_over(message: EmailMultiAlternatives, connection: BaseEmailBackend) -> int | None:
    """With our name for it, or without where this provider has no place for one.

    What a provider cannot do is found out while the call is put together: nothing has gone out.
    """
    try:
        return connection.send_messages([message])
    except AnymailUnsupportedFeature:
        del message.metadata  # type: ignore[attr-defined]  # anymail's own
        return connection.send_messages([message])


def _provider_id(message: EmailMultiAlternatives) -> str:
    """The provider's own name for it, where anymail has told us one."""
    told = getattr(getattr(message, "anymail_status", None), "message_id", None)
    return told if isinstance(told, str) else ""


def _said(error: Exception) -> str:
    return one_line(str(error))[:500] or type(error).__name__


def _text(answer: bytes | str) -> str:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return one_line(said)
