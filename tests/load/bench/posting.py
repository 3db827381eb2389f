"""What webhooks cost beside one plain connection that is kept, posting the same bodies.

All go to one endpoint on this machine, which the settings allow here: the usual limit of so many
under way at one host holds for ours, too.
"""

from __future__ import annotations

import http.client
import time
from datetime import UTC, datetime

from django.conf import settings

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
        plain = _plain(far_end.port)
        alone = {1: _alone(1)}
        _queue(endpoint, count, said="again")
        alone[2] = _alone(2)
        assert far_end.count() == 3 * count
    table.head(f"{count:,} webhooks", "seconds", "a second", "ratio", "wanted")
    table.line("one plain connection that is kept", plain, count / plain, 1.0, "")
    for senders, took in alone.items():
        name = f"webhooks, {senders} sender{'s' if senders > 1 else ''}"
        table.line(name, took, count / took, plain / took, f">= {_WANTED}")


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


def _plain(port: int) -> float:
    """The bodies of those that wait."""
    ready, _ = preparing.sort_out(list(Delivery.objects.filter(channel="webhook")), now=NOW)
    bodies = [body_of(compose()) for _, compose in ready]
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
