"""How fast delivery sends, beside a bare smtplib connection that is reused.

    python -m pytest -m load tests/load/test_delivery_speed.py -s

The servers that the tests bring do not wait for the disk: give DATABASE_URL to measure one that
does. Lines are threads of one process; of several processes the time counts from their first mail.
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings

from notifications import delivery
from notifications.models import Delivery
from tests.load import sink
from tests.notifications import sender
from tests.notifications.conftest import _invented_messages, subject
from tests.notifications.makers import NOON, in_anas_inbox, queue, to_tom

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.load, pytest.mark.timeout(600)]

__all__ = ["_invented_messages", "subject"]

ROWS = 1500
SLOW = 600
MORE = "We said a new kettle by Friday, and it is on its way to you. " * 20


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def fill(count: int) -> None:
    Delivery.objects.all().delete()
    context = {"who": "Tom", "what": "a new kettle", "more": MORE}
    queue(*(to_tom(f"{number}", about=f"{number}", context=context) for number in range(count)))


def bare(port: int, count: int) -> float:
    """The yardstick: the same mails' bytes over one connection, with nothing written down."""
    data = b"Subject: About a new kettle\r\n\r\n" + MORE.encode() * 2
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as server:

        def send_all() -> None:
            for _ in range(count):
                server.sendmail("a@example.org", "tom@example.org", data)

        return count / seconds(send_all)


def one_sender(count: int) -> float:
    fill(count)
    took = seconds(lambda: delivery.run(NOON))
    assert Delivery.objects.filter(state="sent").count() == count
    return count / took


def senders(number: int, far_end: sink.Running, count: int) -> float:
    """Several processes at once; what counts is from their first mail to their last."""
    fill(count)
    before = far_end.count()
    processes = [sender.start(after=timedelta(0), email_url=far_end.url) for _ in range(number)]
    while far_end.count() == before:
        time.sleep(0.001)
    took = seconds(lambda: [process.communicate() for process in processes])
    assert Delivery.objects.filter(state="sent").count() == count
    return count / took


def in_the_inbox(count: int) -> float:
    Delivery.objects.all().delete()
    queue(*(in_anas_inbox(f"{number}") for number in range(count)))
    return count / seconds(lambda: delivery.run(NOON))


def test_delivery_beside_a_bare_connection(
    settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.NOTIFICATIONS_LENGTHS = {"round": timedelta(minutes=5)}
    with sink.running() as quick, sink.running(pause=0.02) as slow:
        yardsticks = {quick.url: bare(quick.port, ROWS), slow.url: bare(slow.port, SLOW // 4)}
        figures = []
        for name, far_end, count in (("at once", quick, ROWS), ("after 20 ms", slow, SLOW // 4)):
            settings.EMAIL_URL = far_end.url
            for settings.SENDERS in (1, 4, 8):
                lines = f"{settings.SENDERS} line{'s' * (settings.SENDERS > 1)}"
                figures.append((f"{lines}, answers {name}", one_sender(count), far_end.url))
        figures += [
            ("4 processes, answers at once", senders(4, quick, ROWS), quick.url),
            ("4 processes, answers after 20 ms", senders(4, slow, SLOW), slow.url),
            ("inbox", in_the_inbox(ROWS), quick.url),
        ]
    with capsys.disabled():
        print(f"\n{'':<36}{'a second':>9}{'ratio':>8}")
        for speed, name in zip(yardsticks.values(), ("at once", "after 20 ms"), strict=True):
            print(f"{'bare smtplib, answers ' + name:<36}{speed:>9.0f}{1:>8.2f}")
        for name, speed, url in figures:
            print(f"{name:<36}{speed:>9.0f}{speed / yardsticks[url]:>8.2f}")
