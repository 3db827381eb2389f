"""What webhooks cost beside one plain connection that is kept, posting the same messages.

The yardstick is what the machine could do at the very most: ready bytes by `http.client` over one
connection, which nobody signs. A second line says what somebody would write by the usual means, a
session of `requests` that signs each message. All go to one endpoint on this machine, which the
settings allow here: the usual limit of so many under way at one host holds for ours, too.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import requests
from django.conf import settings
from standardwebhooks import Webhook

from notifications import delivery, outbox, sealing
from notifications.channels.webhook import body_of
from notifications.delivery import preparing
from notifications.envelope import Message
from notifications.models import Delivery, Endpoint, State
from tests.load import http_sink
from tests.load.bench import table
from tests.load.bench.measuring import beside

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
_SENDERS = (1, 2)
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example of the standard
_WANTED = 0.3


def measure(count: int) -> None:
    """With one sender and with two, as processes."""
    settings.NOTIFICATIONS_SUBJECT = "tests.notifications.makers.subject"
    settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
    with http_sink.running() as far_end:
        settings.WEBHOOK_PORTS = [far_end.port]
        endpoint = Endpoint.objects.create(
            name="Desk",
            url=f"http://127.0.0.1:{far_end.port}/hook",
            secret=sealing.seal(_SECRET),
            made_at=NOW,
        )
        _queue(endpoint, count, said="first")
        bodies = _bodies()
        bare, plain = _bare(far_end.port, bodies), [_plain(endpoint.url, bodies)]
        alone = {1: _alone(1)}
        plain.append(_plain(endpoint.url, bodies))  # by turns: the machine is never quite the same
        _queue(endpoint, count, said="again")
        alone[2] = _alone(2)
        assert far_end.count() == 5 * count
    usual = min(plain)
    table.head(f"{count:,} webhooks", "seconds", "a second", "ratio", "wanted")
    table.line("one bare connection that is kept, ready bytes", bare, count / bare, 1.0, "")
    table.line("one plain session that is kept, signing", usual, count / usual, bare / usual, "")
    for senders, took in alone.items():
        name = f"webhooks, {senders} sender{'s' if senders > 1 else ''}"
        table.line(name, took, count / took, bare / took, f">= {_WANTED}")


def _queue(endpoint: Endpoint, count: int, *, said: str) -> None:
    outbox.enqueue(
        [
            Message(
                key=f"{number}:{said}:{endpoint.address}",
                about=f"commitment:{number}",
                audience="staff",
                channel="webhook",
                address=endpoint.address,
                name=endpoint.name,
                template="webhook_step",
                context={"type": "commitment.step_taken", "commitment": "K7Q2M", "step": 3},
                not_before=NOW,
            )
            for number in range(count)
        ],
        now=NOW,
    )


def _alone(senders: int) -> float:
    took = beside([_send_all] * senders)
    assert not Delivery.objects.filter(channel="webhook").exclude(state=State.SENT).exists()
    return took


def _send_all() -> None:
    while Delivery.objects.filter(channel="webhook", attempt_at__lte=NOW).exists():
        delivery.run(NOW)


def _bodies() -> list[bytes]:
    """Of those that wait."""
    ready, _ = preparing.sort_out(list(Delivery.objects.filter(channel="webhook")), now=NOW)
    return [body_of(compose()) for _, compose in ready]


def _plain(url: str, bodies: Sequence[bytes]) -> float:
    """Each is signed and posted, and its answer read."""
    signature = Webhook(_SECRET)
    headers = {"Content-Type": "application/json", "User-Agent": "Followthrough"}
    with requests.Session() as session:
        began = time.perf_counter()
        for body in bodies:
            name, at = json.loads(body)["id"], datetime.now(UTC)
            signed = {
                "webhook-id": name,
                "webhook-timestamp": str(int(at.timestamp())),
                "webhook-signature": signature.sign(name, at, body.decode()),
            }
            session.post(url, body, headers=headers | signed, timeout=20).raise_for_status()
        return time.perf_counter() - began


def _bare(port: int, bodies: Sequence[bytes]) -> float:
    """Nothing but bytes."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.connect()
    headers = {"Content-Type": "application/json", "User-Agent": "Followthrough"}
    began = time.perf_counter()
    for body in bodies:
        line.request("POST", "/hook", body, headers)
        line.getresponse().read()
    took = time.perf_counter() - began
    line.close()
    return took
