"""A name service that takes every question and answers none. F58."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from notifications.models import Breaker, Delivery
from tests import http
from tests.faults import dns
from tests.faults.makers import (
    addresses,
    arrived,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.stand import Stand, until
from tests.notifications.endpoints import an_endpoint

pytestmark = [pytest.mark.postgresql, pytest.mark.faults, pytest.mark.long_fault]
# To ask takes ten seconds in vain, far longer than the shrunk lengths think of.
UNSHRUNK = {"lease": 120, "margin": 30, "round": 20, "conversation": 30, "connect": 10}
RETRIES = {"retries": [0.5, 1, 150], "unreachable": 1}
ELSEWHERE = "mount --bind {resolver} /etc/resolv.conf && mount --bind {hosts} /etc/hosts"


@pytest.fixture
def names() -> Iterator[dns.NameService]:
    if os.getuid() != 0:
        pytest.skip("needs root: it listens at port 53")
    try:
        with dns.name_service() as service:
            yield service
    except PermissionError:
        pytest.skip("needs the right to listen at port 53")


@pytest.fixture
def elsewhere(tmp_path: Path) -> list[str]:
    """How to start a process that asks our name service, and knows no name by itself."""
    resolver, hosts = tmp_path / "resolv.conf", tmp_path / "hosts"
    resolver.write_text(f"nameserver {dns.ADDRESS}\n")
    hosts.write_text("127.0.0.1 localhost\n")
    mount = ELSEWHERE.format(resolver=resolver, hosts=hosts)
    command = ["unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh"]
    if subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file over /etc/resolv.conf")
    return command


@pytest.mark.timeout(300)
def test_f58_a_dead_name_service_starves_nobody_who_needs_no_name(
    stand: Stand, names: dns.NameService, elsewhere: list[str]
):
    """F58: inbox and webhooks flow, no thread is left behind, and the mails go out afterwards."""
    with http.sink() as known:
        desk = an_endpoint(known.url)
        lost = an_endpoint("https://hooks.larkfield.example/", "Lost")
        step = [f"webhook:{desk.pk}", f"webhook:{lost.pk}", "owner", "customer"]
        promises(10, ladder=[(0, step)])
        worker = stand.worker(
            within=elsewhere,
            env={
                "EMAIL_URL": f"smtp://mail.larkfield.example:{stand.sink.port}",
                "WEBHOOK_PORTS": f"443,{known.port}",
                "WEBHOOK_ALLOW_PRIVATE": "127.0.0.0/8",
                "PUBLIC_URL": "http://promises.example",
                "SENDERS": "4",
            },
            lengths=UNSHRUNK | RETRIES,
        )
        stand.beat()

        until(lambda: len(known.seen) == 10, within=90)
        until(lambda: inbox() == {"sent": 10})
        assert names.asked > 0
        assert states(audience="customer").keys() <= {"queued", "leased"}
        until(lambda: Breaker.objects.filter(channel="email", opened_at__isnull=False).exists())
        before = threads_of(worker.pid)
        promises(3, start=10, ladder=[(0, [f"webhook:{desk.pk}"])])
        until(lambda: len(known.seen) == 13, within=90)
        assert threads_of(worker.pid) <= before + 20  # so many lines, and a question for each
        assert len(stand.sink.accepted) == 0

        names.answers.set()
        until(lambda: states(audience="customer") == {"sent": 10}, within=90)
        Delivery.objects.filter(address=lost.address).take_back(
            reason="Nobody listens there.", now=lost.made_at
        )
        until(nothing_is_due)

    assert worker.is_running
    came = {to: count for to, count in arrived(stand.sink).items() if to.startswith("tom")}
    assert came == addresses(range(10))
    assert set(stand.sink.by_message_id().values()) == {1}
    assert len({request.headers["webhook-id"] for request in known.seen}) == 13


def inbox() -> dict[str, int]:
    items = Delivery.objects.filter(channel="inbox")
    return dict(Counter(items.values_list("state", flat=True)))


def threads_of(pid: int) -> int:
    """Of a worker and its pool."""
    parent = psutil.Process(pid)
    return sum(each.num_threads() for each in [parent, *parent.children()])
