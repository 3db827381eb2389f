"""Two versions of us at one database, as while a new one is put in place. F53."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifications.models import Delivery
from tests import http
from tests.faults.makers import (
    addresses,
    arrived,
    nothing_is_due,
    promises,
    states,
)
from tests.faults.rounds import ROOT
from tests.faults.stand import Stand, until
from tests.notifications.endpoints import an_endpoint

pytestmark = [pytest.mark.postgresql, pytest.mark.faults, pytest.mark.timeout(240)]
PARTS = ("commitments", "config", "notifications", "templates", "tests")
ROUND = Path("notifications/delivery/round.py")
CHANNEL = '        "webhook": partial(Webhook, clock.now, Known()),\n'


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The version before the one that brought webhooks and word of what is overdue."""
    root = tmp_path / "older"
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", root)
    code = (root / ROUND).read_text()
    assert CHANNEL in code
    (root / ROUND).write_text(code.replace(CHANNEL, ""))
    shutil.rmtree(root / "templates/messages/overdue")
    return root


@pytest.fixture
def desk() -> Iterator[http.Sink]:
    with http.sink() as far_end:
        yield far_end


def test_f53_what_an_older_version_does_not_know_it_leaves_for_the_newer(
    stand: Stand, older: Path, desk: http.Sink
):
    """F53: its rows stay pending, however often; the newer one, beside it, sends each once."""
    endpoint = an_endpoint(desk.url)
    ladder = [(0, [f"webhook:{endpoint.pk}", "owner", "customer"])]
    promises(6, ladder=ladder)
    trusting = {
        "WEBHOOK_PORTS": str(desk.port),
        "WEBHOOK_ALLOW_PRIVATE": "127.0.0.0/8",
        "PUBLIC_URL": "http://promises.example",
    }
    patient = {"unknown_for": 3600}
    first = stand.worker(root=older, env=trusting, lengths=patient)
    stand.beat()

    until(lambda: states(audience="customer") == {"sent": 6})
    unknown = Delivery.objects.filter(template="overdue")
    until(lambda: unknown.filter(channel="inbox", attempts__gte=3).count() == 6)
    assert set(unknown.values_list("state", flat=True)) <= {"queued", "leased", "bundled"}
    pending = Delivery.objects.filter(channel="webhook")
    assert set(pending.values_list("state", "attempts")) == {("queued", 0)}
    assert desk.seen == []

    second = stand.worker(env=trusting, lengths=patient)
    stand.beat(tick=0.7)  # of its own; else two workers may take turns for ever, each its own jobs
    promises(6, start=6, ladder=ladder)
    until(lambda: len(desk.seen) == 12)
    until(nothing_is_due, within=80)

    assert (first.is_running, second.is_running) == (True, True)
    assert states(audience="customer") == {"sent": 12}
    came = {to: count for to, count in arrived(stand.sink).items() if to.startswith("tom")}
    assert came == addresses(range(12))
    assert set(stand.sink.by_message_id().values()) == {1}
    assert unknown.filter(channel="inbox", state="sent").count() == 12
    assert set(unknown.values_list("state", flat=True)) <= {"sent", "bundled"}
    assert set(pending.values_list("state", flat=True)) == {"sent"}
    assert len({request.headers["webhook-id"] for request in desk.seen}) == 12
