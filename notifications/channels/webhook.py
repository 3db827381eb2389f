"""Signed webhooks as standardwebhooks.com has them, to the endpoints that administrators named.

A receiver knows a message by its `webhook-id`, which is the same at every try. So a webhook that
may have arrived is sent again, which no mail is: nobody who looks at the id takes it twice.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property, partial

from standardwebhooks import Webhook as Signature

from notifications import lengths, sealing
from notifications.channels import Desk, Letter, Receipt, addresses, endpoints
from notifications.channels.answers import Answer
from notifications.channels.http import Connection
from notifications.channels.watchdog import Watchdog
from notifications.envelope import JSON, Blame, DeliveryError, LetGo, one_line
from notifications.models import AGAIN, Endpoint

_LATER = (408, 425, 429)
_GONE = 410


@dataclass
class Known:
    """What the lines of one round have learned of the endpoints."""

    endpoints: dict[str, Endpoint | None] = field(default_factory=dict)
    resting: dict[str, datetime] = field(default_factory=dict)
    signatures: dict[str, Signature] = field(default_factory=dict)

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """Whom we trust: to read that from the disk takes as long as dozens of messages."""
        return ssl.create_default_context()

    def open_one(self, address: str, *, now: datetime) -> Endpoint | None:
        """The endpoint, unless it is gone, switched off, or rests, as far as is known."""
        endpoint = self.endpoints.get(address)
        rests = address in self.resting and now < self.resting[address]
        return None if endpoint is None or endpoint.disabled_at is not None or rests else endpoint

    def look(self, address: str, *, now: datetime) -> None:
        """Read how it stands now: others may have closed it, or heard from it again."""
        self.endpoints[address] = endpoints.by_address({address}).get(address)
        self.resting.pop(address, None)
        self.resting |= endpoints.resting({address}, now=now)

    def signature(self, sealed: str) -> Signature:
        """That of a secret, which is opened once. Raises CannotOpen."""
        if sealed not in self.signatures:
            self.signatures[sealed] = Signature(sealing.unseal(sealed))
        return self.signatures[sealed]


class Webhook:
    """Posts to endpoints, each over a connection that is kept for the next message."""

    def __init__(self, clock: Callable[[], datetime], known: Known, desk: Desk) -> None:
        self._clock = clock
        self._known = known
        self._desk = desk
        self._lengths = lengths.current()
        self._watchdog = Watchdog()
        self._connections: dict[str, Connection] = {}

    def send(self, letter: Letter, *, may_finish: Callable[[], bool]) -> Receipt:
        endpoint = self._endpoint(letter.address)
        body = body_of(letter)
        try:
            with self._watchdog.limit(self._lengths.request):
                answer = self._post(endpoint, letter, body, may_finish=may_finish)
        except addresses.Refused as error:
            raise self._unwanted(letter, str(error)) from error
        except (addresses.Unknown, sealing.CannotOpen) as error:
            raise self._failed(endpoint, letter, str(error)) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._failed(endpoint, letter, self._words_for(error)) from error
        return self._judge(endpoint, letter, answer)

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._watchdog.stop()

    def _endpoint(self, address: str) -> Endpoint:
        """The endpoint a delivery names, asked for once a round, and again where it gets nothing.

        Its messages are let go, and taken back or put off before the next are claimed. Were it open
        again and we did not know, they would be claimed and let go until the round is over.
        """
        now = self._clock()
        if self._known.open_one(address, now=now) is None:
            self._desk(partial(self._known.look, address, now=now))
        endpoint = self._known.open_one(address, now=now)
        if endpoint is None:
            raise LetGo
        return endpoint

    def _post(
        self,
        endpoint: Endpoint,
        letter: Letter,
        body: bytes,
        *,
        may_finish: Callable[[], bool],
    ) -> Answer:
        now = self._clock()
        signatures = [self._known.signature(sealed) for sealed in secrets_of(endpoint, now=now)]
        headers = headers_of(letter, body, signatures, now=now)
        connection = self._connection(endpoint)
        try:
            connection.open()
            if not may_finish():
                raise LetGo
            return connection.post(headers, body)
        except (OSError, http.client.HTTPException):
            connection.close()
            raise

    def _connection(self, endpoint: Endpoint) -> Connection:
        if endpoint.url not in self._connections:
            self._connections[endpoint.url] = Connection(
                addresses.target(endpoint.url),
                tls=lambda: self._known.tls,
                watchdog=self._watchdog,
                lengths=self._lengths,
            )
        return self._connections[endpoint.url]

    def _judge(self, endpoint: Endpoint, letter: Letter, answer: Answer) -> Receipt:
        """What the receiver's answer means for this message and for those after it."""
        said = f"{answer.code} {answer.words}".strip()
        now = self._clock()
        if 200 <= answer.code < 300:
            if endpoint.failing_since is not None:
                self._desk(partial(endpoints.answered, endpoint, now=now))
            return Receipt(provider_id="", code=answer.code, answer=said)
        if answer.code == _GONE:
            gone = "It answered 410: it is gone."
            self._desk(partial(endpoints.switch_off, endpoint, gone, now=now))
            raise DeliveryError(said, permanent=True, code=answer.code)
        if answer.code in _LATER or answer.code >= 500:
            raise self._failed(
                endpoint,
                letter,
                said,
                code=answer.code,
                wait=wait_asked_for(answer.retry_after, now=now, most=self._lengths.longest_wait),
            )
        raise self._unwanted(letter, said, code=answer.code)

    def _failed(
        self,
        endpoint: Endpoint,
        letter: Letter,
        because: str,
        *,
        code: int | None = None,
        wait: timedelta | None = None,
    ) -> DeliveryError:
        """Not now, and none of the others either: the endpoint rests, or has had its time."""
        now = self._clock()
        is_over = letter.attempts > len(self._lengths.webhook_retries)
        failed = partial(endpoints.failed, endpoint, because, now=now)
        self._known.resting[endpoint.address] = self._desk(failed)
        if is_over and endpoints.has_failed_long_enough(endpoint, now=now):
            why = f"It has failed for days: {because}"
            self._desk(partial(endpoints.switch_off, endpoint, why, now=now))
        return DeliveryError(because, permanent=is_over, code=code, wait=wait)

    def _unwanted(self, letter: Letter, because: str, *, code: int | None = None) -> DeliveryError:
        """The receiver does not want it, or we do not go there: said thrice, that is final."""
        is_final = letter.attempts >= self._lengths.refused_tries
        return DeliveryError(because, permanent=is_final, blame=Blame.MESSAGE, code=code)

    def _words_for(self, error: Exception) -> str:
        if self._watchdog.has_bitten or isinstance(error, TimeoutError):
            return f"no answer within {self._lengths.request.total_seconds():g} s"
        return one_line(str(error))[:200] or type(error).__name__


def webhook_id(key: str) -> str:
    """The same reason always has the same id, so that a repeat can be told as one: of the same try,
    of another, or of what a person had sent again.
    """
    reason = key.partition(AGAIN)[0]
    return f"msg_{hashlib.sha256(reason.encode('utf-8', 'replace')).hexdigest()[:40]}"


def body_of(letter: Letter) -> bytes:
    """The same bytes at every try."""
    said: Mapping[str, JSON] = {
        "id": webhook_id(letter.key),
        "type": str(letter.context.get("type", letter.template)),
        "timestamp": str(letter.context.get("timestamp", letter.not_before.isoformat())),
        "data": {
            name: value
            for name, value in letter.context.items()
            if name not in ("type", "timestamp")
        },
    }
    return json.dumps(said, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def secrets_of(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """Its secret as it is sealed and, while that replaces another, the other one, too."""
    replaces = endpoint.previous_until is not None and endpoint.previous_until > now
    former = [endpoint.previous_secret] if replaces and endpoint.previous_secret else []
    return [endpoint.secret, *former]


def headers_of(
    letter: Letter, body: bytes, signatures: Sequence[Signature], *, now: datetime
) -> dict[str, str]:
    name, at = webhook_id(letter.key), now.astimezone(UTC)
    signed = [signature.sign(name, at, body.decode("ascii")) for signature in signatures]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Followthrough",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def wait_asked_for(said: str, *, now: datetime, most: timedelta) -> timedelta | None:
    """What a Retry-After header asks for, in seconds or as a date; None where it is nonsense."""
    wait: timedelta | None = None
    if said.isascii() and said.isdigit():
        wait = timedelta(seconds=int(said[:9]))
    else:
        with suppress(ValueError, TypeError, OverflowError):
            at = parsedate_to_datetime(said)
            wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    if wait is None or wait <= timedelta(0):
        return None
    return min(wait, most)
