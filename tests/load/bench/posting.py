"""What webhooks cost beside one plain connection that is kept, posting the same messages.

The yardstick is what the machine could do at the very most: ready bytes by `http.client` over one
connection, which nobody signs. A second line says what somebody would write by the usual means, a
session of `requests` that signs each message. All go to one endpoint on this machine, which the
settings allow here: the usual limit of so many under way at one host holds for ours, too. Of each
the best of three turns counts.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping, Sequence
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
_TURNS = 3
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example of the standard
_WANTED = 0.3


def measure(count: int) -> None:
    """With one sender and with two, as processes. By turns: the machine is never quite the same."""
    settings.NOTIFICATIONS_SUBJECT = "tests.notifications.makers.subject"
    settings.WEBHOOK_ALLOW_PRIVATE = ["127.0.0.0/8"]
    bare, plain = [], []
    ours: dict[int, list[float]] = {senders: [] for senders in _SENDERS}
    with http_sink.running() as far_end:
        settings.WEBHOOK_PORTS = [far_end.port]
        endpoint = Endpoint.objects.create(
            name="Desk",
            url=f"http://127.0.0.1:{far_end.port}/hook",
            secret=sealing.seal(_SECRET),
            made_at=NOW,
        )
        for turn in range(_TURNS):
            for senders, all_of_them in ours.items():
                _queue(endpoint, count, said=f"{turn}:{senders}")
                bodies = _bodies()
                bare.append(_bare(far_end.port, bodies))
                all_of_them.append(_send(senders))
            plain.append(_plain(endpoint.url, bodies))
        assert far_end.count() == (2 * len(ours) + 1) * _TURNS * count
    _say(count, min(bare), min(plain), {senders: min(ours[senders]) for senders in ours})


def _say(count: int, bare: float, plain: float, ours: Mapping[int, float]) -> None:
    table.head(f"{count:,} webhooks", "seconds", "a second", "ratio", "wanted")
    table.line("one bare connection that is kept, ready bytes", bare, count / bare, 1.0, "")
    table.line("one plain session that is kept, signing", plain, count / plain, bare / plain, "")
    for senders, took in ours.items():
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


def _send(senders: int) -> float:
    took = beside([_send_all] * senders)
    assert not Delivery.objects.filter(channel="webhook").exclude(state=State.SENT).exists()
    return took


def _send_all() -> None:
    while Delivery.objects.filter(channel="webhook", attempt_at__lte=NOW).exists():
        delivery.run(NOW)


def _bodies() -> list[bytes]:
    """Of those that wait."""
    waiting = Delivery.objects.filter(channel="webhook", state=State.QUEUED)
    ready, _ = preparing.sort_out(list(waiting), now=NOW)
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
