"""Two worker hosts, each with a network of its own: one is cut off in the middle of its work."""

from __future__ import annotations

import pytest

from notifications.models import Delivery
from tests.faults import hosts
from tests.faults.hosts import Host
from tests.faults.makers import addresses, arrived, nothing_is_due, promises, states
from tests.faults.stand import Process, Stand, until
from tests.makers import ana

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.faults,
    pytest.mark.long_fault,
    pytest.mark.timeout(300),
]
PROMISES = 80


def a_worker_on(host: Host, stand: Stand) -> Process:
    database = host.relay(("127.0.0.1", stand.cluster.port)).place
    mails = host.relay(("127.0.0.1", stand.sink.port)).place
    broker = host.relay(stand.broker.path).place
    there = {
        "DATABASE_URL": stand.cluster.url(stand.database).replace(
            f"127.0.0.1:{stand.cluster.port}", database
        ),
        "EMAIL_URL": f"smtp://{mails}",
        "CELERY_BROKER_URL": f"redis://{broker}/0",
        "WORKER_CONCURRENCY": "1",
        "SENDERS": "2",
    }
    return stand.worker(env=there, within=host.within)


@pytest.mark.parametrize("comes_back", [False, True], ids=["for good", "and comes back"])
def test_a_host_that_is_cut_off_loses_nothing_and_doubles_nothing(stand: Stand, comes_back: bool):
    """The other takes over what was claimed; what was on the wire is listed, and not repeated."""
    if reason := hosts.why_not():
        pytest.skip(reason)
    promises(PROMISES)
    stand.sink.pause = 0.2
    with hosts.hosts(2) as (first, second):
        for host in (first, second):
            a_worker_on(host, stand)
        stand.beat()
        until(lambda: all(host.relays[1].carried > 5_000 for host in (first, second)))

        first.pull_the_cable()
        before = len(stand.sink.accepted)
        assert before < PROMISES / 2
        if comes_back:
            until(lambda: len(stand.sink.accepted) > before + 10)
            first.plug_it_in()
        until(lambda: _ended() == PROMISES, within=150)
        until(nothing_is_due, within=60)
        for process in stand.processes:
            process.end()

    became = states(audience="customer")
    came = {to: count for to, count in arrived(stand.sink).items() if to != ana().email}
    sent = Delivery.objects.filter(audience="customer", state="sent")
    said_to_have_come = set(sent.values_list("address", flat=True))
    assert became.keys() <= {"sent", "uncertain"}
    assert became.get("uncertain", 0) <= 2  # as many as it has lines
    assert set(came.values()) == {1}
    assert said_to_have_come <= came.keys() <= addresses(range(PROMISES)).keys()


def _ended() -> int:
    customers = Delivery.objects.filter(audience="customer")
    return customers.filter(state__in=["sent", "uncertain"]).count()
